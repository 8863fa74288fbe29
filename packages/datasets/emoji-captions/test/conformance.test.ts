// emojiCaptions is a data set.
import { conform, datasetConformance } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { emojiCaptions } from '../src/index.ts';

conform(it, datasetConformance(emojiCaptions, { limit: 50 }));
