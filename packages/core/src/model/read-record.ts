// The record out of a manifest.json that may have been mangled: nothing is taken on trust.
import { CONTRACT } from '../contracts/plugins.ts';
import { UnrolledError } from '../errors.ts';
import { describe, type Json } from '../options.ts';
import { checkNetwork } from './check-network.ts';
import { corrupt, isRecord } from './file-set.ts';
import { modelKind } from './format.ts';
import type { ModelRecord } from './record.ts';

type Head = Readonly<Record<string, Json>>;

/** What each field must be: a test, and the words for it. */
const fields: Readonly<Record<string, readonly [(value: Json | undefined) => boolean, string]>> = {
  manifest: [isRecord, 'an object'],
  tokenizer: [(value) => value === undefined || isPiece(value), 'a plug-in'],
  vectorizer: [isPiece, 'a plug-in'],
  learns: [
    (value) => value === undefined || ['labels', 'next', 'sequence'].includes(value as string),
    'one of "labels", "next", "sequence"',
  ],
  targetTokenizer: [(value) => value === undefined || isPiece(value), 'a plug-in'],
  targetVectorizer: [(value) => value === undefined || isPiece(value), 'a plug-in'],
  backend: [(value) => isPiece(value) && isRecord((value as Head).settings), 'a plug-in with settings'],
  network: [isRecord, 'an object'],
  link: [(value) => value === 'softmax' || value === 'sigmoid', '"softmax" or "sigmoid"'],
  labels: [isLabels, 'an array of labels'],
  labelCounts: [(value) => Array.isArray(value) && value.every(isCount), 'an array of whole numbers'],
  temperature: [(value) => typeof value === 'number' && value > 0, 'a number greater than 0'],
  threshold: [(value) => value === undefined || (typeof value === 'number' && value > 0 && value < 1), 'a probability'],
  maximumLength: [(value) => value === undefined || isCount(value), 'a whole number'],
  settings: [isRecord, 'an object'],
  dataHash: [(value) => typeof value === 'string', 'a text'],
  updates: [isCount, 'a whole number'],
  metrics: [isRecord, 'an object'],
};

/** Checks every field. @throws UnrolledError `MODEL_NEWER`, `MODEL_CORRUPT` */
export function readRecord(head: Head): ModelRecord {
  for (const [name, ours] of [
    ['contract', CONTRACT],
    ['language', 1],
  ] as const)
    checkVersion(name, head[name], ours);
  for (const [name, [test, expected]] of Object.entries(fields))
    if (!test(head[name]))
      throw corrupt(modelKind, modelKind.head, `"${name}" must be ${expected}, but ${describe(head[name])} was found`);
  checkNetwork(head.network);
  checkAnswers(head);
  const entries = Object.keys(fields).map((name) => [name, head[name]]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as ModelRecord;
}

function checkVersion(name: string, value: Json | undefined, ours: number): void {
  if (value === ours) return;
  if (typeof value !== 'number' || value < ours)
    throw corrupt(modelKind, modelKind.head, `"${name}" must be ${ours}, but ${describe(value)} was found`);
  throw new UnrolledError(
    'MODEL_NEWER',
    `The model has ${name} ${value}, but these packages read up to ${name} ${ours}.`,
    {
      mend: 'Update the @unrolled packages.',
      data: { [name]: value, expected: ours },
    },
  );
}

function isPiece(value: Json | undefined): boolean {
  return isRecord(value) && typeof value.use === 'string' && typeof value.package === 'string' && isRecord(value.with);
}

function isLabels(value: Json | undefined): boolean {
  const isPair = (pair: Json) => isRecord(pair) && typeof pair.stored === 'string' && typeof pair.shown === 'string';
  return Array.isArray(value) && value.every(isPair);
}

/** Labels there must be where labels were learned, and both pieces of a target where a sequence was. */
function checkAnswers({ learns, labels, targetTokenizer, targetVectorizer }: Head): void {
  const refuse = (what: string): never => {
    throw corrupt(modelKind, modelKind.head, what);
  };
  if (learns === undefined || learns === 'labels') {
    if ((labels as readonly Json[]).length < 2) refuse('"labels" must be two or more labels');
  } else if (learns === 'sequence' && !(targetTokenizer && targetVectorizer))
    refuse('a model that generates needs "targetTokenizer" and "targetVectorizer"');
}

function isCount(value: Json | undefined): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
