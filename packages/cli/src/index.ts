export { processIo, type Io } from "./io.ts";
