// translationEnPt and englishOrPortuguese are data sets.
import { conform, datasetConformance } from '@unrolled/plugin-kit';
import { describe, it } from 'vitest';
import { englishOrPortuguese, translationEnPt } from '../src/index.ts';

describe('translation-en-pt', () => conform(it, datasetConformance(translationEnPt)));
describe('english-or-portuguese', () => conform(it, datasetConformance(englishOrPortuguese)));
