package io.mayfly.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mayfly.http.value.Format;
import io.mayfly.http.value.ValueCodec;
import io.mayfly.protocol.contract.ContractDocument;
import io.mayfly.protocol.contract.ContractWriting;
import io.mayfly.protocol.entry.Value;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.pekko.util.ByteString;

/** Contract documents in JSON or CBOR. */
final class ContractDocuments {
  private static final int SIZE_HINT = 1_200;

  private ContractDocuments() {}

  static ByteString one(Format format, ContractDocument document) {
    return Documents.render(
        format, SIZE_HINT, out -> write(out, ContractWriting.document(document)));
  }

  static ByteString all(Format format, List<ContractDocument> documents) {
    return Documents.render(
        format,
        64 + SIZE_HINT * documents.size(),
        out -> {
          out.writeStartObject();
          out.writeArrayFieldStart("contracts");
          for (ContractDocument document : documents) {
            write(out, ContractWriting.document(document));
          }
          out.writeEndArray();
          out.writeEndObject();
        });
  }

  private static void write(JsonGenerator out, Object tree) throws IOException {
    if (tree instanceof Map<?, ?> members) {
      out.writeStartObject();
      for (Map.Entry<?, ?> member : members.entrySet()) {
        out.writeFieldName(String.valueOf(member.getKey()));
        write(out, member.getValue());
      }
      out.writeEndObject();
    } else if (tree instanceof List<?> items) {
      out.writeStartArray();
      for (Object item : items) {
        write(out, item);
      }
      out.writeEndArray();
    } else if (tree instanceof Value schema) {
      ValueCodec.write(schema, out);
    } else if (tree instanceof Number number) {
      out.writeNumber(number.longValue());
    } else {
      out.writeString(tree.toString());
    }
  }
}
