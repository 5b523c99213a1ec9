package io.mayfly.multinode.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.multinode.history.Story;
import io.mayfly.multinode.history.Story.Line;
import io.mayfly.protocol.entry.Version;

/**
 * What holds of every life story: within an incarnation revisions run without gap or repetition and
 * nothing follows the end; the next incarnation is larger and begins with a creation.
 */
public final class StoryCheck {
  private StoryCheck() {}

  /** Fails with the story when it breaks a rule. */
  public static void verify(Story story) {
    for (int i = 1; i < story.lines().size(); i++) {
      Line before = story.lines().get(i - 1);
      Line line = story.lines().get(i);
      assertThat(follows(before, line)).as("%s after %s in %s", line, before, story).isTrue();
    }
  }

  private static boolean follows(Line before, Line line) {
    Version last = before.version();
    Version next = line.version();
    boolean ended = before.event().equals("ended");
    if (next.incarnation() == last.incarnation()) {
      return !ended && next.revision() == last.revision() + 1;
    }
    return ended
        && next.incarnation() > last.incarnation()
        && next.revision() == 1
        && line.event().equals("created");
  }
}
