package io.mayfly.http;

import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntity.ChunkStreamPart;
import org.apache.pekko.http.javadsl.model.ResponseEntity;
import org.apache.pekko.http.scaladsl.model.HttpEntity;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Bodies that are made of chunks. Pekko HTTP makes them for Java from bytes only, and looks after
 * their bytes with nine stages a body: too many for thousands of bodies that stay open.
 */
final class Chunks {
  private Chunks() {}

  /** A body of these chunks, none of which may be empty. */
  @SuppressWarnings("unchecked") // Each part of Java's model is one of Scala's.
  static ResponseEntity entity(ContentType type, Source<ChunkStreamPart, ?> chunks) {
    var parts = (Source<HttpEntity.ChunkStreamPart, Object>) (Source<?, ?>) chunks;
    return new HttpEntity.Chunked(
        (org.apache.pekko.http.scaladsl.model.ContentType) type, parts.asScala());
  }
}
