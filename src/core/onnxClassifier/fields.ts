/** Field numbers of onnx.proto (IR version 13), those that we look at. Numbers are never given a second meaning. */
export const modelFields = { irVersion: 1, graph: 7, opset: 8, metadata: 14, training: 20 } as const;
export const graphFields = {
  node: 1,
  name: 2,
  initialiser: 5,
  input: 11,
  output: 12,
  valueInfo: 13,
  annotation: 14,
  sparseInitialiser: 15,
} as const;
export const nodeFields = { input: 1, output: 2, name: 3, opType: 4, attribute: 5, domain: 7 } as const;
export const attributeFields = {
  name: 1,
  i: 3,
  tensor: 5,
  graph: 6,
  ints: 8,
  tensors: 10,
  graphs: 11,
  type: 20,
} as const;
export const tensorFields = { dims: 1, name: 8, rawData: 9, externalData: 13, dataLocation: 14 } as const;
export const sparseFields = { values: 1, dims: 3 } as const;
export const valueFields = { name: 1, type: 2 } as const;
export const typeFields = { tensor: 1 } as const;
export const tensorTypeFields = { elementType: 1, shape: 2 } as const;
export const shapeFields = { dim: 1 } as const;
export const dimFields = { value: 1 } as const;
export const annotationFields = { tensorName: 1 } as const;
export const opsetFields = { domain: 1, version: 2 } as const;
export const entryFields = { key: 1, value: 2 } as const;
