package io.mayfly.multinode.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.multinode.history.KeyRecord;
import io.mayfly.multinode.history.KeyState;
import io.mayfly.multinode.history.Story;
import io.mayfly.multinode.traffic.Answer;
import io.mayfly.multinode.traffic.StateClient;
import io.mayfly.protocol.entry.Version;
import java.io.IOException;

/** Compares what a server answers for a key with what its writer knows. */
public final class KeyCheck {
  private KeyCheck() {}

  /** Fails unless the server holds the acknowledged state, or the one that was in flight. */
  public static void verify(KeyRecord record, StateClient client) throws IOException {
    Answer answer = client.get(record.id());
    if (answer.status() == 404) {
      record.observed(KeyState.ABSENT);
      return;
    }
    Story story = Story.read(client.history(record.id()).json());
    StoryCheck.verify(story);
    KeyState state = state(answer, story);
    assertThat(story.last().version()).isEqualTo(state.version());
    record.observed(state);
  }

  private static KeyState state(Answer answer, Story story) {
    if (answer.status() == 410) {
      return KeyState.ended(story.last().version());
    }
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return KeyState.live(answer.etag().flatMap(Version::fromEtag).orElseThrow(), answer.json());
  }
}
