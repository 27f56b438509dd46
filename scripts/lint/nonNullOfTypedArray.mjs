/**
 * Lint rule for the numeric rooms, in place of `no-non-null-assertion`: `!` may follow `columns[i]` where `columns` is
 * a typed array, or a list of typed arrays (one for each finding, fold or output), because an index of a numeric loop
 * is inside and a check there costs time. It may follow nothing else: not a list of anything else, not
 * `map.get(key)`, `list.at(-1)`, `list.find(…)`, nor a name that may be undefined.
 */
const typedArrays = new Set([
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
]);

export const nonNullOfTypedArray = {
  meta: {
    type: 'problem',
    docs: { description: '`!` only after an element of a typed array' },
    schema: [],
    messages: {
      other:
        '`!` is for elements of typed arrays in numeric loops. Iterate, check, or say what must be there with `present`.',
    },
  },
  create(context) {
    const { parserServices } = context.sourceCode;
    const checker = parserServices.program.getTypeChecker();
    return {
      TSNonNullExpression(node) {
        const read = node.expression;
        const isElement = read.type === 'MemberExpression' && read.computed && !read.optional;
        if (isElement && isNumeric(parserServices.getTypeAtLocation(read.object), checker)) return;
        context.report({ node, messageId: 'other' });
      },
    };
  },
};

/** Whether a type is a typed array or a list of them. */
function isNumeric(type, checker) {
  if (isTypedArray(type, checker)) return true;
  return alternatives(type, checker).every((list) => {
    if (!checker.isArrayType(list) && !checker.isTupleType(list)) return false;
    const elements = checker.getTypeArguments(list);
    return elements.length > 0 && elements.every((element) => isTypedArray(element, checker));
  });
}

/** What extends a typed array, as `Buffer` does, is one too. */
function isTypedArray(type, checker) {
  return alternatives(type, checker).every((one) => {
    if (typedArrays.has(one.getSymbol()?.getName())) return true;
    const declared = one.target ?? one;
    const bases = declared.isClassOrInterface() ? checker.getBaseTypes(declared) : [];
    return bases.some((base) => isTypedArray(base, checker));
  });
}

/** The members of a union, of what a type parameter extends where it is one. */
function alternatives(type, checker) {
  const known = checker.getBaseConstraintOfType(type) ?? type;
  return known.isUnion() ? known.types : [known];
}
