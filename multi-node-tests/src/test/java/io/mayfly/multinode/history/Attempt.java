package io.mayfly.multinode.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/**
 * A mutation that was sent.
 *
 * @param value missing for a delete
 */
public record Attempt(JsonNode value) {
  /** A request to end the entry. */
  public static final Attempt DELETE = new Attempt(MissingNode.getInstance());

  /** Whether it asked for the end. */
  public boolean isDelete() {
    return value.isMissingNode();
  }
}
