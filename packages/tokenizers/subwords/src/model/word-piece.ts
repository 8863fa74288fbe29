// WordPiece by @huggingface/tokenizers, with the places of its tokens.
import { wordPieceOf } from '../huggingface.ts';
import { invalid } from '../invalid.ts';
import type { Tokens } from '../read-vocabulary.ts';
import type { ModelJson } from '../tokenizer-json.ts';
import { readUnknown } from './bpe-parts.ts';
import type { SubwordModel } from './model.ts';

/** @throws UnrolledError `TOKENIZER_INVALID` */
export function wordPiece(model: ModelJson, { ids, texts }: Tokens): SubwordModel {
  const unknown = readUnknown(model, ids);
  if (unknown === undefined) throw invalid('its WordPiece model has no "unk_token".', 'Name one, as "[UNK]".');
  const prefix = model.continuing_subword_prefix ?? '##';
  const pieces = wordPieceOf({
    vocab: model.vocab,
    unk_token: texts[unknown],
    continuing_subword_prefix: prefix,
    max_input_chars_per_word: model.max_input_chars_per_word ?? 100,
  });
  return {
    cut: (word) => {
      const found = pieces(word);
      const tokens: number[] = [];
      let end = 0;
      for (const token of found) {
        const start = end;
        end += token.length - (start > 0 ? prefix.length : 0);
        tokens.push(ids.get(token) as number, start, end);
      }
      // A word that is not known is one token, whose text says nothing of its length.
      return found.length === 1 ? [tokens[0] as number, 0, word.length] : tokens;
    },
  };
}
