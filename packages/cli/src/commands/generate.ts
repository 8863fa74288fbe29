// generate: goes on writing after a prompt with a model of the next token; the text is written as it comes.
import type { GeneratedText, GenerateSettings, Model, Run } from '@unrolled/core';
import type { Command, Context } from '../context.ts';
import { COMPILE_FLAGS } from '../flags/compute.ts';
import { SAMPLE_FLAGS, sampleSettings } from '../flags/decode.ts';
import { defined } from '../flags/run-flags.ts';
import { EXIT } from '../io.ts';
import { openModel } from '../model.ts';
import { readBytes } from '../read/bytes.ts';
import { decode } from '../read/decode.ts';
import { unifyLineEnds, whole } from '../read/text.ts';

/** The command. */
export const generate: Command = {
  name: 'generate',
  summary: 'go on writing after a prompt, with a model of the next token',
  usage: 'MODEL [PROMPT|-]',
  examples: [
    ['generate model "ROMEO:"', 'what follows it; Ctrl-C stops'],
    ['generate model --temperature 0.7 --top-p 0.9 --seed 2', 'from the beginning of a text'],
    ['generate model --top-k 1', 'the likeliest token each time'],
    ['generate model - < beginning.txt --json', 'after a file; one JSON object'],
  ],
  flags: [
    {
      title: 'Generating',
      flags: [
        { name: 'max-tokens', value: 'N', description: 'tokens that are written at most; default 200' },
        ...SAMPLE_FLAGS,
        { name: 'backend', value: 'NAME', description: 'what computes; default the one that trained the model' },
        ...COMPILE_FLAGS,
      ],
    },
  ],
  shapesManifest: false,
  arguments: [1, 2],
  run: async (context) => {
    const { positionals, output, io } = context;
    const settings = settingsOf(context);
    const model = (await openModel(positionals[0] as string, context)) as unknown as Model<string, 'next'>;
    const prompt = await promptOf(context);
    // A listener, so that Ctrl-C stops the writing and not the process.
    const heard = () => {};
    io.signal.addEventListener('abort', heard);
    try {
      const run = model.generate(prompt, { ...settings, signal: io.signal });
      const text = output.json ? await run : await write(run, context);
      if (output.json) await output.print(JSON.stringify({ ...text, prompt: { text: prompt, ...text.prompt } }));
      sayUnknown(text, context);
      return io.signal.aborted ? EXIT.interrupted : EXIT.done;
    } finally {
      io.signal.removeEventListener('abort', heard);
      model.dispose();
    }
  },
};

/** @throws UnrolledError `FLAG_INVALID` */
function settingsOf({ values }: Context): GenerateSettings {
  return defined({ ...sampleSettings(values), maximumLength: values.integer('max-tokens', 1) });
}

/** What was typed, or all of stdin where it is `-`; its last line end belongs to the file and not to the text. */
async function promptOf({ positionals, io }: Context): Promise<string> {
  const [, typed = ''] = positionals;
  if (typed !== '-') return typed;
  const read = decode(readBytes('-', io), { name: 'stdin', encoding: undefined, note: () => {} });
  return (await whole(unifyLineEnds(read))).replace(/\n$/, '');
}

/** Writes token by token, and a line end where it is over or stopped. */
async function write(run: Run<GeneratedText, { readonly text: string }>, { output }: Context): Promise<GeneratedText> {
  for await (const { text } of run) {
    await output.write(text);
    if (output.closed) break;
  }
  await output.write('\n');
  return run;
}

/** Tokens that the model has never seen all look the same to it. */
function sayUnknown({ prompt }: GeneratedText, { output }: Context): void {
  if (prompt.unknown === 0) return;
  output.note(`warning: ${prompt.unknown} of ${prompt.tokens} tokens of the prompt are unknown to the model`);
}
