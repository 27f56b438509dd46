/**
 * A reader of Python pickles that can build plain values and tensors, and nothing else. A pickle is a program
 * for a small stack machine; the machine here knows the operations that torch.save writes, and calls no name:
 * what a name stands for is looked up in a fixed table of descriptions. Work and memory are linear in the input.
 */
import { PickleReader, PickleRefused } from './pickleReader';

/** A Python name, `torch.FloatStorage`, not the thing itself. */
export class PickleName {
  constructor(readonly name: string) {}
}

/** What calling a name with arguments would build; the caller of `readPickle` decides what it means. */
export class PickleCall {
  constructor(
    readonly name: string,
    readonly args: readonly PickleValue[],
  ) {}
}

/** A reference to data outside the pickle. */
export class PickleReference {
  constructor(readonly id: PickleValue) {}
}

/** Tuples and lists are arrays, dictionaries are maps; `mark` never leaves the machine. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | PickleName
  | PickleCall
  | PickleReference;

const mark = Symbol('mark');
type StackItem = PickleValue | typeof mark;

/** Operations that a pickle may take: fifty times what the largest networks have. A bound on time and memory. */
const maxOperations = 2_000_000;

/** The names that may appear. Anything else is refused where it is named, before it could be used. */
const allowedNames: ReadonlySet<string> = new Set([
  'collections.OrderedDict',
  'torch._utils._rebuild_tensor_v2',
  'torch._utils._rebuild_parameter',
  ...['Float', 'Double', 'Half', 'BFloat16', 'Long', 'Int', 'Short', 'Char', 'Byte', 'Bool'].map(
    (type) => `torch.${type}Storage`,
  ),
]);

/**
 * Reads one pickle.
 * @returns its value, and the offset of the byte after it
 * @throws PickleRefused
 */
export function readPickle(bytes: Uint8Array, offset = 0): { value: PickleValue; end: number } {
  const machine = new Machine(new PickleReader(bytes, offset));
  const value = machine.run();
  return { value, end: machine.reader.position };
}

class Machine {
  private readonly stack: StackItem[] = [];
  private readonly memo = new Map<number, PickleValue>();

  private work = 0;

  constructor(readonly reader: PickleReader) {}

  run(): PickleValue {
    const { reader } = this;
    for (;;) {
      this.spend(1);
      const op = reader.uint8();
      if (op === 0x2e) return this.pop(); // STOP
      const plain = this.readPlain(op);
      if (plain !== undefined) this.stack.push(plain);
      else if (!this.structure(op) && !this.memoise(op) && !this.call(op)) {
        const shown = op.toString(16).padStart(2, '0');
        throw new PickleRefused(
          `pickle operation 0x${shown} at byte ${reader.position - 1} is not one of tensors`,
        );
      }
    }
  }

  private spend(operations: number): void {
    this.work += operations;
    if (this.work > maxOperations) throw new PickleRefused('the pickle is far longer than a list of tensors');
  }

  /** Operations that push a plain value. */
  private readPlain(op: number): StackItem | undefined {
    const { reader } = this;
    switch (op) {
      case 0x28: // MARK
        return mark;
      case 0x4e: // NONE
        return null;
      case 0x88: // NEWTRUE
        return true;
      case 0x89: // NEWFALSE
        return false;
      case 0x4a: // BININT
        return reader.int32();
      case 0x4b: // BININT1
        return reader.uint8();
      case 0x4d: // BININT2
        return reader.uint16();
      case 0x8a: // LONG1
        return reader.bigInteger(reader.uint8());
      case 0x47: // BINFLOAT
        return reader.float64();
      case 0x58: // BINUNICODE
        return reader.text(reader.uint32());
      case 0x8c: // SHORT_BINUNICODE
        return reader.text(reader.uint8());
      case 0x54: // BINSTRING
        return reader.latin1(reader.uint32());
      case 0x55: // SHORT_BINSTRING
        return reader.latin1(reader.uint8());
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        return [];
      case 0x7d: // EMPTY_DICT
        return new Map();
      default:
        return undefined;
    }
  }

  /** Operations that put values into tuples, lists and dictionaries. */
  private structure(op: number): boolean {
    switch (op) {
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        this.stack.push(this.popMany(op - 0x84));
        return true;
      case 0x74: // TUPLE
        this.stack.push(this.popToMark());
        return true;
      case 0x61: // APPEND
        this.appendTo([this.pop()]);
        return true;
      case 0x65: // APPENDS
        this.appendTo(this.popToMark());
        return true;
      case 0x73: // SETITEM
        this.setItems(this.popMany(2));
        return true;
      case 0x75: // SETITEMS
        this.setItems(this.popToMark());
        return true;
      default:
        return false;
    }
  }

  /** Operations on the memo, and those that only frame the stream. */
  private memoise(op: number): boolean {
    const { reader } = this;
    switch (op) {
      case 0x80: // PROTO
        if (reader.uint8() > 5) throw new PickleRefused('the pickle protocol is newer than 5');
        return true;
      case 0x95: // FRAME
        reader.skip(8);
        return true;
      case 0x71: // BINPUT
        this.memo.set(reader.uint8(), this.top());
        return true;
      case 0x72: // LONG_BINPUT
        this.memo.set(reader.uint32(), this.top());
        return true;
      case 0x94: // MEMOIZE
        this.memo.set(this.memo.size, this.top());
        return true;
      case 0x68: // BINGET
        this.stack.push(this.recall(reader.uint8()));
        return true;
      case 0x6a: // LONG_BINGET
        this.stack.push(this.recall(reader.uint32()));
        return true;
      default:
        return false;
    }
  }

  /** Operations that name or build things. */
  private call(op: number): boolean {
    switch (op) {
      case 0x63: // GLOBAL
        this.stack.push(allowed(`${this.reader.line()}.${this.reader.line()}`));
        return true;
      case 0x93: {
        // STACK_GLOBAL
        const [module, name] = this.popMany(2);
        if (typeof module !== 'string' || typeof name !== 'string') throw damaged('a name is no text');
        this.stack.push(allowed(`${module}.${name}`));
        return true;
      }
      case 0x52: // REDUCE
        this.reduce();
        return true;
      case 0x62: // BUILD
        this.build();
        return true;
      case 0x51: // BINPERSID
        this.stack.push(new PickleReference(this.pop()));
        return true;
      default:
        return false;
    }
  }

  private reduce(): void {
    const [callee, args] = this.popMany(2);
    if (!(callee instanceof PickleName) || !Array.isArray(args))
      throw damaged('something that is no name is called');
    if (callee.name === 'collections.OrderedDict') this.stack.push(this.orderedDict(args));
    else if (callee.name.startsWith('torch._utils.')) this.stack.push(new PickleCall(callee.name, args));
    else throw new PickleRefused(`${callee.name} is called, which builds no tensor`);
  }

  private orderedDict(args: readonly PickleValue[]): Map<PickleValue, PickleValue> {
    const dictionary = new Map<PickleValue, PickleValue>();
    const pairs = args[0] ?? [];
    if (!Array.isArray(pairs)) throw damaged('an OrderedDict is made of no list');
    this.spend(pairs.length);
    for (const pair of pairs) {
      if (!Array.isArray(pair)) throw damaged('an OrderedDict is made of no pairs');
      const [key, value, more] = pair;
      if (key === undefined || value === undefined || more !== undefined) {
        throw damaged('an OrderedDict is made of no pairs');
      }
      dictionary.set(key, value);
    }
    return dictionary;
  }

  /** torch hangs its `_metadata` on the dictionary in this way; no attribute of anything is of use here. */
  private build(): void {
    this.pop();
    if (!(this.top() instanceof Map))
      throw new PickleRefused('the state of something that is no dictionary is set');
  }

  private appendTo(values: PickleValue[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw damaged('appends to what is no list');
    for (const value of values) list.push(value);
  }

  private setItems(values: PickleValue[]): void {
    const dictionary = this.top();
    if (!(dictionary instanceof Map)) throw damaged('sets items of what is no dictionary');
    let key: PickleValue | undefined;
    for (const value of values) {
      if (key === undefined) {
        key = value;
      } else {
        dictionary.set(key, value);
        key = undefined;
      }
    }
    if (key !== undefined) throw damaged('sets a key without a value');
  }

  private pop(): PickleValue {
    const item = this.stack.pop();
    if (item === undefined || item === mark) throw damaged('its stack runs empty');
    return item;
  }

  private top(): PickleValue {
    const item = this.stack.at(-1);
    if (item === undefined || item === mark) throw damaged('its stack runs empty');
    return item;
  }

  private popMany(count: number): PickleValue[] {
    const items: PickleValue[] = [];
    for (let i = 0; i < count; i++) items.push(this.pop());
    return items.reverse();
  }

  private popToMark(): PickleValue[] {
    const items: PickleValue[] = [];
    for (;;) {
      const item = this.stack.pop();
      if (item === mark) return items.reverse();
      if (item === undefined) throw damaged('a mark is missing');
      items.push(item);
    }
  }

  private recall(index: number): PickleValue {
    const value = this.memo.get(index);
    if (value === undefined) throw damaged(`memo ${index} is empty`);
    return value;
  }
}

function allowed(name: string): PickleName {
  if (!allowedNames.has(name))
    throw new PickleRefused(`it asks for ${JSON.stringify(name)}, which is no tensor`);
  return new PickleName(name);
}

function damaged(what: string): PickleRefused {
  return new PickleRefused(`the pickle is damaged: ${what}`);
}
