/** Renames values in the bytes of a third-party graph; what is not renamed is copied. */
import { attributeFields, graphFields, nodeFields, sparseFields, tensorFields, valueFields } from './fields';
import { contentOf, delimited, readFields, textField, textOf, type Field, type Pieces } from './wire';

/** New names by old ones. */
export type Renaming = ReadonlyMap<string, string>;

/** A NodeProto; values that its subgraphs read or make are renamed with the others. */
export function renameInNode(node: Uint8Array, renaming: Renaming): Pieces {
  return rewrite(node, (field) => {
    if (field.id === nodeFields.input || field.id === nodeFields.output) return renamed(field, renaming);
    if (field.id === nodeFields.attribute) {
      const attribute = rewrite(contentOf(field), (part) =>
        part.id === attributeFields.graph || part.id === attributeFields.graphs
          ? delimited(part.id, renameInGraph(contentOf(part), renaming))
          : null,
      );
      return delimited(field.id, attribute);
    }
    return null;
  });
}

/** A message whose name is in field `id`: TensorProto, ValueInfoProto, TensorAnnotation. */
export function renameMessage(message: Uint8Array, id: number, renaming: Renaming): Pieces {
  return rewrite(message, (field) => (field.id === id ? renamed(field, renaming) : null));
}

/** A SparseTensorProto, whose name is that of its values. */
export function renameSparse(message: Uint8Array, renaming: Renaming): Pieces {
  return rewrite(message, (field) =>
    field.id === sparseFields.values
      ? delimited(field.id, renameMessage(contentOf(field), tensorFields.name, renaming))
      : null,
  );
}

function renameInGraph(graph: Uint8Array, renaming: Renaming): Pieces {
  return rewrite(graph, (field) => {
    switch (field.id) {
      case graphFields.node:
        return delimited(field.id, renameInNode(contentOf(field), renaming));
      case graphFields.initialiser:
        return delimited(field.id, renameMessage(contentOf(field), tensorFields.name, renaming));
      case graphFields.sparseInitialiser:
        return delimited(field.id, renameSparse(contentOf(field), renaming));
      case graphFields.input:
      case graphFields.output:
      case graphFields.valueInfo:
        return delimited(field.id, renameMessage(contentOf(field), valueFields.name, renaming));
      default:
        return null;
    }
  });
}

function renamed(field: Field, renaming: Renaming): Pieces | null {
  const name = renaming.get(textOf(field));
  return name === undefined ? null : textField(field.id, name);
}

function rewrite(message: Uint8Array, replace: (field: Field) => Pieces | null): Pieces {
  const pieces: Uint8Array[] = [];
  for (const field of readFields(message)) pieces.push(...(replace(field) ?? [field.bytes]));
  return pieces;
}
