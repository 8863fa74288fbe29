// A registry for the worker of a plain page, which the test bundles into one file.
import { registry } from 'unrolled';

export default registry;
