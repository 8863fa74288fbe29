// A registry of this project's own.
import { registry } from 'unrolled';

export default registry;
