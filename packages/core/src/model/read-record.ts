// The record out of a manifest.json that may have been mangled: nothing is taken on trust.

import type { NetworkDescription } from '../contracts/network.ts';
import { CONTRACT } from '../contracts/plugins.ts';
import { counted } from '../counted.ts';
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
    (value) => value === undefined || ['labels', 'next', 'sequence', 'number'].includes(value as string),
    'one of "labels", "next", "sequence", "number"',
  ],
  targetTokenizer: [(value) => value === undefined || isPiece(value), 'a plug-in'],
  targetVectorizer: [(value) => value === undefined || isPiece(value), 'a plug-in'],
  backend: [(value) => isPiece(value) && isRecord((value as Head).settings), 'a plug-in with settings'],
  network: [isRecord, 'an object'],
  link: [
    (value) => ['softmax', 'sigmoid', 'identity'].includes(value as string),
    'one of "softmax", "sigmoid", "identity"',
  ],
  labels: [isLabels, 'an array of labels'],
  labelCounts: [(value) => Array.isArray(value) && value.every(isCount), 'an array of whole numbers'],
  scale: [(value) => value === undefined || isScale(value), 'a mean, and a deviation greater than 0'],
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
  checkAnswers(head, head.network);
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

/** Labels there must be where labels were learned, both pieces of a target where a sequence was, and outputs for them. */
function checkAnswers(head: Head, { source, target }: NetworkDescription): void {
  const { learns, link, labelCounts, targetTokenizer, targetVectorizer, scale } = head;
  const labels = head.labels as readonly Json[];
  const refuse = (what: string): never => {
    throw corrupt(modelKind, modelKind.head, what);
  };
  const number = learns === 'number';
  const per = learns === undefined || number ? 'sequence' : 'step';
  if (target.per !== per) refuse(`"network.target.per" must be "${per}" for what the model learned`);
  const kind = link === 'softmax' ? 'class' : 'values';
  if (target.kind !== kind) refuse(`"network.target.kind" must be "${kind}" for "link" ${describe(link)}`);
  if ((scale !== undefined) !== number || (link === 'identity') !== number)
    refuse('"scale" and a "link" of "identity" are for a model of numbers, which needs both');
  if (number && target.size !== 1) refuse(`"network.target.size" must be 1 for a number, but it is ${target.size}`);
  if ((labelCounts as readonly Json[]).length !== labels.length) refuse('"labelCounts" must have one for each label');
  if (learns === undefined || learns === 'labels') {
    if (labels.length < 2) refuse('"labels" must be two or more labels');
    const outputs = link === 'softmax' ? labels.length : 1;
    if (target.size !== outputs || (link === 'sigmoid' && labels.length !== 2))
      refuse(`"network.target.size" is ${target.size}, which does not fit ${counted(labels.length, 'label')}`);
  } else if (labels.length > 0) refuse('"labels" must be empty where no labels were learned');
  const parts = [targetTokenizer, targetVectorizer, source].filter((part) => part !== undefined).length;
  if (parts !== (learns === 'sequence' ? 3 : 0))
    refuse(
      '"targetTokenizer", "targetVectorizer" and "network.source" are for a model that generates, which needs all',
    );
}

function isScale(value: Json | undefined): boolean {
  if (!isRecord(value)) return false;
  const { mean, deviation } = value;
  return typeof mean === 'number' && typeof deviation === 'number' && deviation > 0;
}

function isCount(value: Json | undefined): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
