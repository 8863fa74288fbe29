// The file format of Hugging Face's tokenizers, as far as it is read here: tokenizer.json, version 1.0.

/** A token that is cut out of the text before anything else is done to it. */
export interface AddedTokenJson {
  /** Its number. */
  readonly id: number;
  /** Its text. */
  readonly content: string;
  /** Found only where no letter, digit or mark stands beside it. */
  readonly single_word?: boolean;
  /** Takes the white space before it. */
  readonly lstrip?: boolean;
  /** Takes the white space after it. */
  readonly rstrip?: boolean;
  /** Looked for in the normalised text. */
  readonly normalized?: boolean;
  /** Marks a place rather than being text. */
  readonly special?: boolean;
}

/** A normaliser, pre-tokenizer, post-processor or decoder: its type and its settings. */
export interface StepJson {
  /** `NFC`, `ByteLevel`, `Sequence`, … */
  readonly type: string;
  /** Its settings, as that type has them. */
  readonly [setting: string]: unknown;
}

/** The model: its vocabulary and what belongs to its type. */
export interface ModelJson {
  /** `BPE`, `WordPiece` or `Unigram`; files of early versions leave it out. */
  readonly type?: string;
  /** Numbers by token; for `Unigram` a list of tokens with their log probabilities, in order of their numbers. */
  readonly vocab: Readonly<Record<string, number>> | readonly (readonly [string, number])[];
  /** Of `BPE`: pairs of tokens, the first learned first; in old files joined by a space. */
  readonly merges?: readonly (string | readonly string[])[];
  /** Of `BPE` and `WordPiece`: the token of what is not known. */
  readonly unk_token?: string | null;
  /** Of `Unigram`: the number of the token of what is not known. */
  readonly unk_id?: number | null;
  /** What the tokens inside a word begin with. */
  readonly continuing_subword_prefix?: string | null;
  /** Of `BPE`: what the last token of a word ends with. */
  readonly end_of_word_suffix?: string | null;
  /** Of `BPE`: one token for neighbours that are not known. */
  readonly fuse_unk?: boolean;
  /** Of `BPE` and `Unigram`: bytes in place of what is not known, `<0x00>` to `<0xFF>`. */
  readonly byte_fallback?: boolean;
  /** Of `BPE`: a word that is a token is one token, whatever the merges say. */
  readonly ignore_merges?: boolean;
  /** Of `BPE`: chance of leaving a merge out; for training alone, so only 0 is read. */
  readonly dropout?: number | null;
  /** Of `WordPiece`: longer words are not known. */
  readonly max_input_chars_per_word?: number;
}

/** A tokenizer as plain data: what a tokenizer.json holds. */
export interface TokenizerJson {
  /** Of the format: `1.0`. */
  readonly version?: string;
  /** Left unread: callers cut. */
  readonly truncation?: unknown;
  /** Left unread: callers pad. */
  readonly padding?: unknown;
  /** Tokens beside the model's. */
  readonly added_tokens?: readonly AddedTokenJson[];
  /** Changes the text before it is cut into words. */
  readonly normalizer?: StepJson | null;
  /** Cuts text into words. */
  readonly pre_tokenizer?: StepJson | null;
  /** Adds tokens that stand for no text, which are left out here; only whether spans keep their spaces is read. */
  readonly post_processor?: StepJson | null;
  /** Joins tokens to text. */
  readonly decoder?: StepJson | null;
  /** Cuts words into tokens. */
  readonly model: ModelJson;
}
