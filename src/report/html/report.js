'use strict';
// The report works on data blocks of its own page. Every text of them is put in as text, never as markup.
(() => {
  const read = (id) => {
    const block = document.getElementById(id);
    return block ? JSON.parse(block.textContent) : null;
  };

  // Characters that hide, move or turn other text are written out, as in the other formats.
  const HIDDEN =
    /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
  const LONGEST = 2000;
  const visible = (text) => {
    const whole = String(text);
    const cut = whole.length > LONGEST ? `${whole.slice(0, LONGEST)}… (${whole.length} characters)` : whole;
    return cut.replace(HIDDEN, (hidden) => (hidden === '\n' ? '\\n' : `\\u{${hidden.codePointAt(0).toString(16)}}`));
  };

  const make = (name, properties, ...children) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(properties || {})) {
      node.setAttribute(key, value);
    }
    for (const child of children) {
      node.append(child);
    }
    return node;
  };
  const bdi = (text) => make('bdi', {}, visible(text));
  const counted = (number, thing) => `${number.toLocaleString('en')} ${thing}${number === 1 ? '' : 's'}`;

  // Waits until typing has stopped.
  const later = (action) => {
    let timer = 0;
    return () => {
      clearTimeout(timer);
      timer = setTimeout(action, 150);
    };
  };

  const option = (value, text) => make('option', { value }, visible(text));

  // A list of cards that shows a page of what a filter lets through.
  const PAGE = 100;
  const cards = (list, status, more, draw, thing) => {
    let found = [];
    let shown = 0;
    const extend = () => {
      const next = found.slice(shown, shown + PAGE);
      list.append(...next.map(draw));
      shown += next.length;
      more.hidden = shown >= found.length;
      more.textContent = `Show ${Math.min(PAGE, found.length - shown)} more`;
      status.textContent = `${counted(found.length, thing)} found, ${shown.toLocaleString('en')} shown`;
    };
    more.addEventListener('click', extend);
    return (all) => {
      found = all;
      shown = 0;
      list.replaceChildren();
      extend();
    };
  };

  const row = (list, term, text) => {
    if (text !== undefined && text !== null && text !== '') {
      list.append(make('dt', {}, term), make('dd', {}, bdi(text)));
    }
  };

  const findings = () => {
    const section = document.getElementById('all-findings');
    const all = read('findings-data');
    if (!section || !all) {
      return;
    }
    const by = (id) => document.getElementById(id);
    const [search, rule, input] = [by('find-text'), by('find-rule'), by('find-input')];
    const boxes = [...section.querySelectorAll('input[type="checkbox"]')];
    for (const name of [...new Set(all.map((finding) => finding.rule))].sort()) {
      rule.append(option(name, name));
    }
    const inputs = [...new Set(all.map((finding) => finding.input).filter(Boolean))];
    for (const path of inputs) {
      input.append(option(path, path));
    }
    input.closest('label').hidden = inputs.length < 2;

    let sought = null;
    const texts = () => {
      sought ??= all.map((finding) =>
        [finding.rule, finding.user, finding.value, finding.subject, finding.column, finding.message, ...(finding.reason || [])]
          .filter(Boolean).join('\n').toLowerCase());
      return sought;
    };

    const draw = (finding) => {
      const place = finding.row ? `row ${finding.row}${inputs.length > 1 ? ` of ${finding.input}` : ''}` : 'org or file';
      const state = finding.status === 'open' ? '' : ` (${finding.status})`;
      const details = make('details', {},
        make('summary', {},
          make('span', { class: `tag ${finding.severity}` }, `${finding.severity}${state}`), ' ',
          make('code', {}, finding.rule), ' ',
          make('span', { class: 'faint' }, visible(place), finding.user ? ': ' : '', finding.user ? bdi(finding.user) : ''), ' ',
          bdi(finding.message)));
      // Filled when it is opened: 100 cards stay light.
      details.addEventListener('toggle', () => {
        if (details.childElementCount > 1) {
          return;
        }
        const list = make('dl', {});
        row(list, 'column', finding.column);
        row(list, 'value', finding.value);
        row(list, 'line', finding.line);
        (finding.reason || []).forEach((text) => row(list, 'because', text));
        const said = finding.predicted || {};
        row(list, 'predicted', [said.code, said.message].filter(Boolean).join(' '));
        row(list, 'in Okta', said.okta);
        row(list, 'fix', finding.fix && finding.fix.text);
        row(list, 'rows', finding.rows);
        row(list, 'confidence', finding.confidence);
        const waiver = finding.waiver || {};
        row(list, 'waived by', [waiver.owner, waiver.reason, waiver.ticket, waiver.expires].filter(Boolean).join(', '));
        row(list, 'fingerprint', finding.fingerprint);
        details.append(list);
      });
      return make('li', {}, details);
    };

    const show = cards(by('find-list'), by('find-status'), by('find-more'), draw, 'finding');
    const apply = () => {
      const severities = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
      const words = search.value.toLowerCase().split(/\s+/u).filter(Boolean);
      const hay = words.length ? texts() : null;
      show(all.filter((finding, at) =>
        severities.has(finding.severity)
        && (!rule.value || finding.rule === rule.value)
        && (!input.value || finding.input === input.value)
        && (!hay || words.every((word) => hay[at].includes(word)))));
    };
    search.addEventListener('input', later(apply));
    [rule, input, ...boxes].forEach((control) => control.addEventListener('change', apply));
    // A rule of the list of causes leads here.
    document.querySelectorAll('button[data-rule]').forEach((button) => button.addEventListener('click', () => {
      rule.value = button.dataset.rule;
      search.value = '';
      apply();
      section.scrollIntoView();
      rule.focus();
    }));
    apply();
  };

  const MARKS = { allowed: '✓', 'needs-psl': 'P', unknown: '?', denied: '✕' };
  const ITEMS = 250;
  const matrix = () => {
    const data = read('matrix-data');
    if (!data) {
      return;
    }
    const by = (id) => document.getElementById(id);
    const [place, kinds, search, detail, status] = ['grid', 'grid-kinds', 'grid-text', 'grid-detail', 'grid-status'].map(by);
    const differs = by('grid-differs');
    let current = data.kinds[0];

    const tell = (item, cell) => {
      const [license, verdict, reason, witnesses] = cell;
      const list = make('dl', {});
      row(list, 'license', data.licenses[license]);
      row(list, current.kind, item.label ? `${item.name} (${item.label})` : item.name);
      row(list, 'verdict', data.verdicts[verdict]);
      row(list, 'reason', data.reasons[reason]);
      row(list, 'held by', witnesses === null ? null : counted(witnesses, 'active user'));
      detail.replaceChildren(list);
    };

    const draw = () => {
      const words = search.value.toLowerCase().split(/\s+/u).filter(Boolean);
      const fits = current.items.filter((item) => {
        const hay = `${item.name} ${item.label || ''}`.toLowerCase();
        return words.every((word) => hay.includes(word))
          && (!differs.checked || new Set(item.cells.map((cell) => cell[1])).size > 1);
      });
      const table = make('table', { class: 'grid', role: 'grid', 'aria-label': `${current.kind} by license` });
      const head = make('tr', {}, make('th', { scope: 'col' }, current.kind));
      data.licenses.forEach((name) => head.append(make('th', { scope: 'col', class: 'turned' }, visible(name))));
      const body = make('tbody', {});
      fits.slice(0, ITEMS).forEach((item) => {
        const line = make('tr', {}, make('th', { scope: 'row' }, bdi(item.label || item.name)));
        const cells = new Map(item.cells.map((cell) => [cell[0], cell]));
        data.licenses.forEach((name, license) => {
          const cell = cells.get(license);
          if (!cell) {
            line.append(make('td', { tabindex: '-1', 'aria-label': `${visible(name)}: same license` }, '·'));
            return;
          }
          const verdict = data.verdicts[cell[1]];
          const box = make('td', { class: `cell-${verdict}`, tabindex: '-1', 'aria-label': `${visible(name)}: ${verdict}` }, MARKS[verdict] || '?');
          box.addEventListener('focus', () => tell(item, cell));
          box.addEventListener('mouseenter', () => tell(item, cell));
          box.addEventListener('click', () => box.focus());
          line.append(box);
        });
        body.append(line);
      });
      table.append(make('thead', {}, head), body);
      const first = body.querySelector('td');
      if (first) {
        first.tabIndex = 0;
      }
      // Arrow keys walk over the cells; one of them at a time is a stop of the Tab key.
      table.addEventListener('keydown', (event) => {
        const cell = event.target.closest('td');
        const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
        if (!cell || !step) {
          return;
        }
        const lines = [...body.rows];
        const line = lines[lines.indexOf(cell.parentElement) + step[0]];
        const next = line && line.cells[cell.cellIndex + step[1]];
        if (next && next.tagName === 'TD') {
          event.preventDefault();
          cell.tabIndex = -1;
          next.tabIndex = 0;
          next.focus();
        }
      });
      place.replaceChildren(table);
      status.textContent = `${counted(fits.length, 'line')} found, ${Math.min(fits.length, ITEMS)} shown`;
    };

    data.kinds.forEach((kind) => {
      const button = make('button', { type: 'button', 'aria-pressed': String(kind === current) }, kind.kind);
      button.addEventListener('click', () => {
        current = kind;
        [...kinds.children].forEach((other) => other.setAttribute('aria-pressed', String(other === button)));
        draw();
      });
      kinds.append(button);
    });
    search.addEventListener('input', later(draw));
    differs.addEventListener('change', draw);
    if (current) {
      draw();
    }
  };

  const changes = () => {
    const all = read('changes-data');
    if (!all) {
      return;
    }
    const by = (id) => document.getElementById(id);
    const draw = (user) => {
      const list = make('dl', {});
      user.changes.forEach((change) => {
        const before = change.before === null || change.before === '' ? 'nothing' : change.before;
        const after = change.after === null || change.after === '' ? 'nothing' : change.after;
        row(list, change.attribute, `${before} → ${after} (${change.effect})`);
      });
      return make('li', {}, make('details', {},
        make('summary', {}, bdi(user.user), ' ', make('span', { class: 'faint' }, counted(user.changes.length, 'change'))), list));
    };
    const show = cards(by('change-list'), by('change-status'), by('change-more'), draw, 'user');
    const search = by('change-text');
    const apply = () => {
      const words = search.value.toLowerCase().split(/\s+/u).filter(Boolean);
      show(all.filter((user) => {
        const hay = words.length ? JSON.stringify(user).toLowerCase() : '';
        return words.every((word) => hay.includes(word));
      }));
    };
    search.addEventListener('input', later(apply));
    apply();
  };

  findings();
  matrix();
  changes();
})();
