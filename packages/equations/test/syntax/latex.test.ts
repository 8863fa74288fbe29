// LaTeX: the textbook's look of known cells, names as symbols, and that whatever is printed is LaTeX.
import fc from 'fast-check';
import katex from 'katex';
import { describe, expect, test } from 'vitest';
import { type LatexOptions, print, toLatex, toLatexAligned } from '../../src/index.ts';
import { anyNames, modules, names } from './trees.ts';

const vanilla = `
  zh[t] = Wxh @ x[t] + Whh @ h[t-1] + bh
  h[t] = tanh(zh[t])`;
const lstm = `
  i[t] = σ(Wxi @ x[t] + Whi @ h[t-1] + bi)
  f[t] = σ(Wxf @ x[t] + Whf @ h[t-1] + bf)
  o[t] = σ(Wxo @ x[t] + Who @ h[t-1] + bo)
  g[t] = tanh(Wxg @ x[t] + Whg @ h[t-1] + bg)
  c[t] = f[t] ⊙ c[t-1] + i[t] ⊙ g[t]
  h[t] = o[t] ⊙ tanh(c[t])`;
const attention = `
  e[t,s] = v · tanh(Wq @ h[t-1] + Wk @ m[s])
  a[t,s] = softmax_s(e[t,s])
  c[t] = sum_s(a[t,s] * m[s])`;
const adam = `
  m[t] = beta1 * m[t-1] + (1 - beta1) * g[t]
  v[t] = beta2 * v[t-1] + (1 - beta2) * g[t]^2
  w[t] = w[t-1] - rate * (m[t] / (1 - beta1^t)) / (sqrt(v[t] / (1 - beta2^t)) + epsilon)`;

describe('the textbook', () => {
  test('vanilla', () => {
    expect(toLatex(vanilla)).toEqual(['z_{h,t} = W_{xh}\\,x_t + W_{hh}\\,h_{t-1} + b_h', 'h_t = \\tanh(z_{h,t})']);
  });

  test('vanilla, the step above', () => {
    expect(toLatex(vanilla, { time: 'superscript' })).toEqual([
      'z_h^{(t)} = W_{xh}\\,x^{(t)} + W_{hh}\\,h^{(t-1)} + b_h',
      'h^{(t)} = \\tanh(z_h^{(t)})',
    ]);
  });

  test('LSTM', () => {
    expect(toLatex(lstm)).toEqual([
      'i_t = \\sigma(W_{xi}\\,x_t + W_{hi}\\,h_{t-1} + b_i)',
      'f_t = \\sigma(W_{xf}\\,x_t + W_{hf}\\,h_{t-1} + b_f)',
      'o_t = \\sigma(W_{xo}\\,x_t + W_{ho}\\,h_{t-1} + b_o)',
      'g_t = \\tanh(W_{xg}\\,x_t + W_{hg}\\,h_{t-1} + b_g)',
      'c_t = f_t \\odot c_{t-1} + i_t \\odot g_t',
      'h_t = o_t \\odot \\tanh(c_t)',
    ]);
  });

  test('attention: the weights are found to be numbers', () => {
    expect(toLatex(attention)).toEqual([
      'e_{t,s} = v \\cdot \\tanh(W_q\\,h_{t-1} + W_k\\,m_s)',
      'a_{t,s} = \\operatorname{softmax}_s(e_{t,s})',
      'c_t = \\sum_s a_{t,s}\\,m_s',
    ]);
  });

  test('Adam', () => {
    expect(toLatex(adam, { scalars: ['beta1', 'beta2', 'rate', 'epsilon'] })).toEqual([
      'm_t = \\beta_1\\,m_{t-1} + (1 - \\beta_1)\\,g_t',
      'v_t = \\beta_2\\,v_{t-1} + (1 - \\beta_2)\\,g_t^2',
      'w_t = w_{t-1} - \\frac{\\mathrm{rate}\\,\\frac{m_t}{1 - \\beta_1^t}}{\\sqrt{\\frac{v_t}{1 - \\beta_2^t}} + \\epsilon}',
    ]);
  });

  test('aligned at the equals signs', () => {
    expect(toLatexAligned(vanilla)).toBe(
      '\\begin{aligned}\n  z_{h,t} &= W_{xh}\\,x_t + W_{hh}\\,h_{t-1} + b_h \\\\\n  h_t &= \\tanh(z_{h,t})\n\\end{aligned}',
    );
  });

  test('a tree prints as its text does', () => {
    const trees = modules(names);
    fc.assert(
      fc.property(trees, (tree) => {
        expect(toLatex({ text: '', ...tree })).toEqual(toLatex(print(tree)));
      }),
    );
  });
});

describe('names', () => {
  test.each([
    ['Wxh', 'W_{xh}'],
    ['bh', 'b_h'],
    ['bhn', 'b_{hn}'],
    ['WQ', 'W_Q'],
    ['W1', 'W_1'],
    ['beta', '\\beta'],
    ['beta1', '\\beta_1'],
    ['β₁', '\\beta_1'],
    ['beta_1', '\\beta_1'],
    ['pi', '\\pi'],
    ['Gamma', '\\Gamma'],
    ['Σ', '\\Sigma'],
    ['ε', '\\varepsilon'],
    ['epsilon', '\\epsilon'],
    ['ο', 'o'],
    ['Α', '\\mathrm{A}'],
    ['rate', '\\mathrm{rate}'],
    ['learningRate', '\\mathrm{learningRate}'],
    ['layer2', '\\mathrm{layer}_2'],
    ['h_new', 'h_{\\mathrm{new}}'],
    ['W_s', 'W_s'],
    ['x̂', '\\hat{x}'],
    ['ĥ', '\\hat{h}'],
    ['h̃', '\\tilde{h}'],
    ['h′', "h'"],
    ['h″', "h''"],
    ['Wx̂', 'W_{\\hat{x}}'],
    ['βx', '\\beta x'],
    ['𝐱', '\\mathbf{x}'],
    ['ℝ', '\\mathbb{R}'],
    ['ℓ', '\\ell'],
    ['ℐ\u0598', '\\text{I\u0598}'],
    ['ж', '\\text{ж}'],
    ['漢字', '\\text{漢}\\text{字}'],
    ['ç', '\\text{ç}'],
    ['_a', '\\_a'],
    ['a__b', 'a_b'],
    ['a_1_2', 'a_{1,2}'],
  ])('%s', (name, expected) => expect(toLatex(`q = ${name}`)).toEqual([`q = ${expected}`]));
});

describe('formulas', () => {
  const superscript: LatexOptions = { time: 'superscript' };
  test.each<[string, string, LatexOptions?]>([
    ['x^2', 'x^2'],
    ['x^12', 'x^{12}'],
    ['x[t]^2', 'x_t^2'],
    ['x[t]^2', '(x^{(t)})^2', superscript],
    ['h′^2', "(h')^2"],
    ['h′[t]', "{h'}^{(t)}", superscript],
    ['(a + b)^2', '(a + b)^2'],
    ['(a^b)^c', '(a^b)^c'],
    ['a^b^c', 'a^{b^c}'],
    ['(a / b)^2', '\\left(\\frac{a}{b}\\right)^2'],
    ['a^-b', 'a^{-b}'],
    ['tanh(a)^2', '\\tanh(a)^2'],
    ['Wᵀ @ x', 'W^{\\top}\\,x'],
    ['Wᵀ^2', '(W^{\\top})^2'],
    ['(a + b) / (c - d)', '\\frac{a + b}{c - d}'],
    ['a / b * c', '\\frac{a}{b} \\odot c'],
    ['a * (b + c)', 'a \\odot (b + c)'],
    ['a - (b - c)', 'a - (b - c)'],
    ['a - -b', 'a - (-b)'],
    ['a + -b * c', 'a + (-b \\odot c)'],
    ['-a * b', '-a \\odot b'],
    ['-(a + b)', '-(a + b)'],
    ['--a', '-(-a)'],
    ['W @ -x', 'W\\,(-x)'],
    ['0.5 * d · d', '0.5\\,d \\cdot d'],
    ['2 * 3', '2 \\cdot 3'],
    ['sum(v) * w', '\\operatorname{sum}(v)\\,w'],
    ['sum_s(a[s]) * b', '\\left(\\sum_s a_s\\right) \\odot b'],
    ['sum_s(a[s] * b)', '\\sum_s a_s \\odot b'],
    ['sum_s(a[s] + b)', '\\sum_s (a_s + b)'],
    ['c + sum_s(a[s])', 'c + \\sum_s a_s'],
    ['mean_s(m[s])', '\\operatorname{mean}_s(m_s)'],
    ['max_s(m[s]) + max(a, b)', '\\max_s(m_s) + \\max(a, b)'],
    ['last_position(h[position])', '\\operatorname{last}_{\\mathrm{position}}(h_{\\mathrm{position}})'],
    ['abs(a) + sqrt(b)', '|a| + \\sqrt{b}'],
    ['[a; b + c]', '\\begin{bmatrix} a \\\\ b + c \\end{bmatrix}'],
    ['z[t][0:units]', 'z_{t,0:\\mathrm{units}}'],
    ['z[t][0:units]', 'z_{0:\\mathrm{units}}^{(t)}', superscript],
    ['(a + b)[:n]', '(a + b)_{:n}'],
    ['where(a > 0, a, -b)', '\\begin{cases} a & \\text{if } a > 0 \\\\ -b & \\text{otherwise} \\end{cases}'],
    ['1e-8 + 2.5e-9 + 1e21', '10^{-8} + 2.5 \\times 10^{-9} + 10^{21}'],
    ['2.5e-9 ^ 2', '(2.5 \\times 10^{-9})^2'],
    ['stopGradient(a) + relu(b)', '\\operatorname{stopGradient}(a) + \\operatorname{ReLU}(b)'],
  ])('%s', (text, expected, options) => expect(toLatex(`q = ${text}`, options)).toEqual([`q = ${expected}`]));
});

describe('it is LaTeX', () => {
  /** Throws on anything that is not strict LaTeX; letters without a place in its fonts are no error. */
  const render = (latex: string) =>
    katex.renderToString(latex, {
      output: 'mathml',
      strict: (code: string) => (code === 'unknownSymbol' ? 'ignore' : 'error'),
    });

  test('the renderer is strict', () => {
    expect(() => render('h^{(t)}^2')).toThrow();
    expect(() => render('a_b_c')).toThrow();
    expect(() => render('漢')).toThrow();
    expect(() => render('\\unknown')).toThrow();
  });

  test.each<LatexOptions>([{}, { time: 'superscript' }])('random modules, %j', (options) => {
    fc.assert(
      fc.property(modules(fc.oneof(names, anyNames)), (tree) => {
        const given = { text: '', ...tree };
        for (const line of toLatex(given, options)) render(line);
        render(toLatexAligned(given, options));
      }),
      { numRuns: 150 },
    );
  });
});
