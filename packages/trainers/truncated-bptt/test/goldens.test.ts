// Chunked and sliding windows against PyTorch with detached states, on the reference.
import { referenceBackend } from '@unrolled/backend-reference';
import { truncationSuite } from '@unrolled/backend-suites';

truncationSuite(referenceBackend(), { forward: 1e-9, gradients: 1e-9 });
