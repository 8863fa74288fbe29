// Both kinds of attention are attentions.
import { reference } from '@unrolled/backend-reference';
import { attentionConformance, conform } from '@unrolled/plugin-kit';
import { describe, it } from 'vitest';
import { additive, multiplicative } from '../src/index.ts';

for (const attention of [additive, multiplicative])
  describe(attention.name, () => conform(it, attentionConformance(attention, { backend: reference })));
