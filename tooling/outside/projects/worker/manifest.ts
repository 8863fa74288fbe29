// What is trained.

export const examples = ['left', 'right'].flatMap((label) =>
  ['please turn', 'at the next corner go', 'take a'].map((order) => ({ text: `${order} ${label}`, label })),
);

export const manifest = {
  input: { tokenizer: { use: 'words' }, vectorizer: { use: 'one-hot' } },
  target: { labels: ['left', 'right'] },
  layers: [{ use: 'lstm', with: { units: 4 } }],
  task: { use: 'many-to-one' },
  optimizer: { use: 'adam' },
  trainer: { use: 'bptt' },
  backend: { use: 'wasm' },
} as const;
