// Huffman's code of the words: short for frequent ones.

/** A binary tree over words: the inner nodes from the root to each word, and which way to go at each. */
export interface HuffmanTree {
  /** Where each word's path begins in `nodes`; one more entry for the end. `[words + 1]` */
  readonly starts: Int32Array;
  /** Inner nodes, the root first; numbered from 0 to words − 2. */
  readonly nodes: Int32Array;
  /** 0 or 1 for each of them. */
  readonly codes: Uint8Array;
}

/**
 * The tree with the least sum of counts times lengths of paths. A single word has an empty path.
 *
 * Source: Huffman 1952, A method for the construction of minimum-redundancy codes; in linear time over sorted counts, as van
 * Leeuwen 1976, On the construction of Huffman trees.
 *
 * @param counts - from the largest to the smallest.
 */
export function huffmanTree(counts: readonly number[]): HuffmanTree {
  const words = counts.length;
  const weights = new Float64Array(2 * words - 1);
  weights.set(counts);
  const parents = new Int32Array(2 * words - 1);
  const sides = new Uint8Array(2 * words - 1);
  let leaf = words - 1;
  let inner = words;
  for (let made = words; made < 2 * words - 1; made++) {
    const smallest = (): number => {
      const takesLeaf = leaf >= 0 && (inner >= made || (weights[leaf] as number) < (weights[inner] as number));
      return takesLeaf ? leaf-- : inner++;
    };
    const [first, second] = [smallest(), smallest()];
    weights[made] = (weights[first] as number) + (weights[second] as number);
    parents[first] = made;
    parents[second] = made;
    sides[second] = 1;
  }
  return pathsOf(words, parents, sides);
}

function pathsOf(words: number, parents: Int32Array, sides: Uint8Array): HuffmanTree {
  const root = 2 * words - 2;
  const depths = new Int32Array(2 * words - 1);
  for (let node = root - 1; node >= 0; node--) depths[node] = (depths[parents[node] as number] as number) + 1;
  const starts = new Int32Array(words + 1);
  for (let word = 0; word < words; word++) starts[word + 1] = (starts[word] as number) + (depths[word] as number);
  const nodes = new Int32Array(starts[words] as number);
  const codes = new Uint8Array(nodes.length);
  for (let word = 0; word < words; word++) {
    let at = starts[word + 1] as number;
    for (let node = word; node !== root; node = parents[node] as number) {
      at -= 1;
      nodes[at] = (parents[node] as number) - words;
      codes[at] = sides[node] as number;
    }
  }
  return { starts, nodes, codes };
}
