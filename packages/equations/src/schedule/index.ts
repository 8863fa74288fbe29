// The public face of the schedule.
export { type Family, familiesOf, type Member, membersOf } from './families.ts';
export { type Destination, type Kind, lengthOfMap, loopOf, type Node, Nodes, type Term } from './nodes.ts';
export type { Item } from './order.ts';
export { printSchedule } from './print.ts';
export { isGiven, type Schedule, schedule, type Wanted } from './schedule.ts';
export { type Access, type Buffer, type Extent, type Home, type Indexing, Storage, widthOf } from './storage.ts';
