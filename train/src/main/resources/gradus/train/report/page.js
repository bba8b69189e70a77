'use strict';
const data = JSON.parse(document.getElementById('data').textContent);
const main = document.querySelector('main');
const colours = ['#3366cc', '#dc3912', '#109618', '#ff9900', '#990099', '#0099c6', '#dd4477', '#66aa00', '#b82e2e', '#316395'];
const titles = {
  loss: 'loss', validationLoss: 'validation loss', bitsPerByte: 'bits per byte', lr: 'learning rate',
  gradNorm: 'norm of the gradient', tokensPerSecond: 'tokens per second',
  update: 'length of a step relative to the weights, by layer',
};
const charts = []; // functions that draw, each for the theme and the axis of now
let axis = 'step';

// --- elements

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  made.append(...children);
  return made;
}

function section(title, about) {
  const made = element('section', {}, element('h2', {}, title));
  if (about) made.append(element('p', {}, about));
  main.append(made);
  return made;
}

function table(rows, numbers) {
  const cells = (row, name) => row.map((cell, i) =>
    element(name, name === 'td' && i > 0 && numbers ? { class: 'number' } : {}, String(cell)));
  const made = element('table', {}, element('tr', {}, ...cells(rows[0], 'th')));
  rows.slice(1).forEach(row => made.append(element('tr', {}, ...cells(row, 'td'))));
  return element('div', { class: 'wide' }, made);
}

function dark() {
  return document.documentElement.dataset.theme === 'dark';
}

/// A chart that is drawn again for another theme, axis or width.
function chart(parent, kind, options) {
  const place = element('div', { class: kind });
  parent.append(place);
  let drawn;
  const draw = () => {
    if (drawn) drawn.dispose();
    drawn = echarts.init(place, dark() ? 'dark' : null);
    drawn.setOption({ backgroundColor: 'transparent', animation: false, color: colours, ...options() });
  };
  charts.push({ draw, resize: () => drawn.resize() });
  return draw;
}

// --- curves

function xs(run, list) {
  if (axis === 'FLOP') return list.tokens.map(tokens => 3 * tokens * run.inside.flops.counted);
  return list[axis] || list.step;
}

function points(each) {
  const x = xs(each.run, each.list);
  return each.values.map((y, i) => [x[i], y]);
}

function curves(parent, name, lists) {
  chart(parent, 'chart', () => ({
    title: { text: titles[name] || name, textStyle: { fontSize: 14 } },
    tooltip: { trigger: 'axis', confine: true },
    legend: { type: 'scroll', top: 24, show: data.runs.length > 1 || lists.length > 1 },
    grid: { left: 60, right: 20, top: 56, bottom: 60 },
    dataZoom: [{ type: 'inside' }, { type: 'slider', height: 16, bottom: 8 }],
    xAxis: { type: 'value', name: axis, nameLocation: 'middle', nameGap: 22, min: 'dataMin', max: 'dataMax' },
    yAxis: { type: document.getElementById('logarithmic').checked ? 'log' : 'value', scale: true },
    series: lists.map(each => ({
      name: each.name,
      type: 'line',
      showSymbol: each.values.length < 60,
      symbolSize: 4,
      lineStyle: { width: each.faint ? 1 : 2, opacity: each.faint ? 0.55 : 1 },
      data: points(each),
    })),
  }));
}

function showCurves() {
  const place = element('div', { class: 'charts' });
  section('Curves').append(place);
  const label = (run, what) => data.runs.length > 1 ? `${run.name}${what}` : what.replace(/^, /, '') || 'run';
  const both = data.runs.flatMap(run => [
    { run, name: label(run, ', training'), list: run.steps, values: run.steps.loss || [], faint: true },
    { run, name: label(run, ', validation'), list: run.evaluations, values: run.evaluations.validationLoss || [] },
  ]).filter(each => each.values.length > 0);
  if (both.length > 0) curves(place, 'loss', both);
  const others = (kind, skipped) => {
    const names = new Set(data.runs.flatMap(run => Object.keys(run[kind])));
    const updates = [...names].filter(name => data.runs.length === 1 && name.startsWith('update/'));
    if (updates.length > 0) {
      const [run] = data.runs;
      curves(place, 'update', updates.map(name =>
        ({ run, name: name.slice('update/'.length), list: run[kind], values: run[kind][name] })));
    }
    names.forEach(name => {
      if (skipped.includes(name) || updates.includes(name)) return;
      const lists = data.runs
        .filter(run => run[kind][name])
        .map(run => ({ run, name: run.name, list: run[kind], values: run[kind][name] }));
      curves(place, name, lists);
    });
  };
  others('evaluations', ['step', 'seconds', 'tokens', 'validationLoss']);
  others('steps', ['step', 'seconds', 'tokens', 'loss']);
}

// --- what a model looks like inside

function showText(parent, inside) {
  parent.append(element('h3', {}, 'A text, each token by its loss'));
  const known = inside.losses.filter(loss => loss !== null);
  const mean = known.reduce((sum, loss) => sum + loss, 0) / known.length;
  parent.append(element('p', {}, `Loss in nats; the mean of these ${known.length} tokens is ${mean.toFixed(3)}. `
    + (inside.causal ? 'The first of a window was not predicted.' : 'Each was guessed with it alone hidden.')));
  const most = Math.max(...known, 1e-9);
  const text = element('div', { class: 'text' });
  inside.tokens.forEach((token, i) => {
    const loss = inside.losses[i];
    const span = element('span', { title: loss === null ? 'not predicted' : loss.toFixed(3) }, token);
    if (loss !== null) span.style.background = `rgba(var(--hot), ${(0.85 * loss / most).toFixed(3)})`;
    text.append(span);
  });
  parent.append(text);
}

function weightsOf(layer, count) {
  const bytes = Uint8Array.from(atob(layer.weights), c => c.charCodeAt(0));
  return (head, query, key) => bytes[(head * count + query) * count + key] / 255;
}

function showAttention(parent, inside) {
  const { layers, count } = inside.attention;
  const heads = layers[0].entropy.length;
  parent.append(element('h3', {}, 'Attention'));
  parent.append(element('p', {}, 'How much each position (down) attends to each '
    + (inside.causal ? 'earlier one' : 'other one') + ' (across). A click on a token marks what it attends to.'));
  const layer = element('select', { class: 'layer', 'aria-label': 'layer' },
    ...layers.map((each, i) => element('option', { value: i }, each.name)));
  const head = element('select', { class: 'head', 'aria-label': 'head' },
    ...layers[0].entropy.map((_, i) => element('option', { value: i }, `head ${i}`)));
  const told = element('span', { class: 'entropy' });
  parent.append(element('p', {}, layer, ' ', head, ' ', told));
  const tokens = inside.tokens.slice(0, count);
  const weights = layers.map(each => weightsOf(each, count));
  const draw = chart(parent, 'map', () => {
    const of = weights[layer.value];
    const cells = [];
    for (let q = 0; q < count; q++) for (let k = 0; k < count; k++) cells.push([k, q, of(+head.value, q, k)]);
    const names = { type: 'category', data: tokens.map((t, i) => `${i} ${t}`), axisLabel: { fontSize: 10, interval: Math.floor(count / 25) } };
    return {
      tooltip: { confine: true, formatter: p => `${p.value[1]} ${tokens[p.value[1]]} → ${p.value[0]} ${tokens[p.value[0]]}: ${p.value[2].toFixed(3)}`.replace(/</g, '&lt;') },
      grid: { left: 70, right: 10, top: 10, bottom: 60 },
      xAxis: { ...names, axisLabel: { ...names.axisLabel, rotate: 90, hideOverlap: true } }, // a narrow window has no room for all
      yAxis: { ...names, inverse: true },
      visualMap: { min: 0, max: 1, show: false, inRange: { color: dark() ? ['#15181c', '#f06e46'] : ['#ffffff', '#3366cc'] } },
      series: [{ type: 'heatmap', data: cells }],
    };
  });
  const text = element('div', { class: 'text' });
  let picked = -1;
  const mark = () => [...text.children].forEach((span, k) => {
    const p = picked < 0 ? 0 : weights[layer.value](+head.value, picked, k);
    span.style.background = p > 0 ? `rgba(var(--hot), ${p.toFixed(3)})` : '';
    span.className = k === picked ? 'picked' : '';
  });
  tokens.forEach((token, q) => {
    const span = element('span', {}, token);
    span.addEventListener('click', () => { picked = q; mark(); });
    text.append(span);
  });
  parent.append(text);
  const change = () => {
    const bits = layers[layer.value].entropy[head.value];
    told.textContent = `${bits.toFixed(2)} bits: as if it attended to ${(2 ** bits).toFixed(1)} positions evenly`;
    mark();
  };
  [layer, head].forEach(each => each.addEventListener('change', () => { change(); draw(); }));
  change();
  parent.append(element('h3', {}, 'Entropy of attention, in bits'));
  parent.append(table([['layer', ...Array.from({ length: heads }, (_, i) => `head ${i}`)],
    ...layers.map(each => [each.name, ...each.entropy.map(bits => bits.toFixed(2))])], true));
}

function showLens(parent, inside) {
  parent.append(element('h3', {}, 'Logit lens'));
  parent.append(element('p', {}, 'The likeliest next token behind each block, if the model ended there; the stronger the colour, the surer.'));
  const { rows } = inside.lens;
  const made = element('table', { class: 'lens' }, element('tr', {}, element('th', {}, 'after'),
    ...rows[0].tokens.map((_, i) => element('th', {}, inside.tokens[i].trim() || '␣'))));
  rows.forEach((row, l) => made.append(element('tr', {}, element('th', {}, `block ${l}`),
    ...row.tokens.map((token, i) => {
      const cell = element('td', { title: row.probabilities[i].toFixed(3) }, token.trim() || '␣');
      cell.style.background = `rgba(var(--hot), ${(0.8 * row.probabilities[i]).toFixed(3)})`;
      return cell;
    }))));
  parent.append(element('div', { class: 'wide' }, made));
}

function showActivations(parent, inside) {
  parent.append(element('h3', {}, 'Activations by layer'));
  parent.append(element('p', {}, 'Silent: the share of hidden units whose input was above 0 for no token of this text.'));
  parent.append(table([['layer', 'mean', 'root mean square', 'largest', 'silent'],
    ...inside.activations.map(row => [row.name, ...row.values.map(value => value.toFixed(3)),
      row.silent === undefined ? '' : `${(100 * row.silent).toFixed(1)} %`])], true));
}

function showWork(parent, run) {
  const { counted, formula } = run.inside.flops;
  parent.append(element('h3', {}, 'Work'));
  const speeds = (run.steps.tokensPerSecond || []).filter(speed => speed !== null).sort((a, b) => a - b);
  const rows = [['operations of a token', 'forward', 'forward and backward'],
    ['counted in the products of one pass', (counted / 1e6).toFixed(3) + ' million', (3 * counted / 1e6).toFixed(3) + ' million'],
    ['by the rule 2·N and 6·N, for N parameters', (formula / 1e6).toFixed(3) + ' million', (3 * formula / 1e6).toFixed(3) + ' million']];
  parent.append(table(rows, true));
  if (speeds.length > 0) {
    const median = speeds[Math.floor(speeds.length / 2)];
    parent.append(element('p', {}, `At ${Math.round(median).toLocaleString('en')} tokens a second (the median of the steps) these are ${(3e-9 * counted * median).toFixed(1)} billion operations a second.`));
  }
}

function showMemory(parent, inside) {
  const { weights, gradients, optimizer, peak, at, lent, marks } = inside.memory;
  const mega = bytes => (bytes / 1e6).toFixed(2);
  parent.append(element('h3', {}, 'Memory over a step'));
  parent.append(element('p', {}, `What tensors hold after each block of memory that a step takes or gives back, in MB: `
    + `weights ${mega(weights)}, the optimiser's numbers ${mega(optimizer)} and the gradients of the step before, ${mega(gradients)}, `
    + `and what comes and goes; ${mega(peak)} at most.`));
  const stays = weights + gradients + optimizer;
  chart(parent, 'chart', () => ({
    tooltip: { trigger: 'axis', confine: true },
    grid: { left: 60, right: 30, top: 70, bottom: 40 },
    xAxis: { type: 'value', max: 'dataMax', name: 'blocks of memory taken or given back', nameLocation: 'middle', nameGap: 24 },
    yAxis: { type: 'value' },
    series: [{
      type: 'line', step: 'end', showSymbol: false, areaStyle: { opacity: 0.25 }, name: 'MB',
      data: [[0, +mega(stays)], ...at.map((x, i) => [x, +mega(stays + lent[i])])],
      markLine: {
        symbol: 'none', lineStyle: { type: 'dotted' },
        label: { formatter: mark => mark.name, fontSize: 10, rotate: 60, align: 'left' },
        data: marks.map(mark => ({ name: mark.name, xAxis: mark.at })),
      },
    }],
  }));
}

function showExperts(parent, inside) {
  parent.append(element('h3', {}, 'Tokens that each expert saw'));
  parent.append(table([['layer', ...inside.experts[0].tokens.map((_, i) => `expert ${i}`)],
    ...inside.experts.map(row => [row.name, ...row.tokens])], true));
}

function showEmbedding(parent, inside) {
  const map = inside.embedding;
  parent.append(element('h3', {}, 'Vectors of tokens'));
  parent.append(element('p', {}, `Those of ${map.tokens.length} tokens of this text, on their first two principal components.`));
  chart(parent, 'map', () => ({
    tooltip: { confine: true, formatter: p => map.tokens[p.dataIndex].replace(/</g, '&lt;') },
    grid: { left: 50, right: 20, top: 10, bottom: 40 },
    xAxis: { type: 'value', scale: true },
    yAxis: { type: 'value', scale: true },
    series: [{
      type: 'scatter', symbolSize: 5, data: map.x.map((x, i) => [x, map.y[i]]),
      label: { show: true, position: 'right', fontSize: 11, formatter: p => map.tokens[p.dataIndex] },
      labelLayout: { hideOverlap: true },
    }],
  }));
}

// --- the page

function showAll() {
  const notes = [...(data.notes || [])];
  if (data.runs.length === 1) notes.push(...(data.runs[0].state ? [data.runs[0].state] : []), ...data.runs[0].notes);
  notes.forEach(note => main.append(element('p', { class: 'note' }, note)));
  if (data.results) section('Results', 'Means over seeds, with 95 % intervals.').append(table(data.results, true));
  if (data.differences && data.differences.length > 1) section('Where the settings differ').append(table(data.differences));
  showCurves();
  data.runs.filter(run => run.inside).forEach(run => {
    const place = section(data.runs.length > 1 ? `Inside ${run.name}` : 'Inside the model');
    showText(place, run.inside);
    showAttention(place, run.inside);
    if (run.inside.lens) showLens(place, run.inside);
    showActivations(place, run.inside);
    showWork(place, run);
    showMemory(place, run.inside);
    if (run.inside.experts) showExperts(place, run.inside);
    if (run.inside.embedding) showEmbedding(place, run.inside);
  });
  const rest = section('Samples and settings');
  data.runs.forEach(run => {
    if (run.samples) rest.append(element('details', {}, element('summary', {}, `What ${run.name} wrote`), element('pre', {}, run.samples)));
    rest.append(element('details', {}, element('summary', {}, `Settings of ${run.name}`),
      table([['setting', 'value'], ...Object.entries(run.settings)])));
  });
}

function drawAll() {
  charts.forEach(each => each.draw());
}

document.documentElement.dataset.theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
const choice = document.getElementById('axis');
['step', 'tokens', 'seconds', 'FLOP']
  .filter(name => name === 'step' || data.runs.every(run => name === 'FLOP' ? run.inside && run.steps.tokens : run.steps[name]))
  .forEach(name => choice.append(element('option', {}, name)));
choice.addEventListener('change', () => { axis = choice.value; drawAll(); });
document.getElementById('logarithmic').addEventListener('change', drawAll);
document.getElementById('theme').addEventListener('click', () => {
  document.documentElement.dataset.theme = dark() ? 'light' : 'dark';
  drawAll();
});
addEventListener('resize', () => charts.forEach(each => each.resize()));
addEventListener('beforeprint', () => charts.forEach(each => each.resize()));
showAll();
drawAll();
