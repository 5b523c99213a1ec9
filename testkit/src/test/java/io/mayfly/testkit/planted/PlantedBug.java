package io.mayfly.testkit.planted;

import static net.bytebuddy.matcher.ElementMatchers.is;
import static net.bytebuddy.matcher.ElementMatchers.named;

import java.lang.instrument.Instrumentation;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import net.bytebuddy.agent.ByteBuddyAgent;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.agent.builder.AgentBuilder.RedefinitionStrategy;
import net.bytebuddy.agent.builder.ResettableClassFileTransformer;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.utility.JavaModule;

/**
 * A bug that is woven into a loaded class while a test runs; the source has no trace of it.
 *
 * @param where the class that has the bug
 * @param method every method of this name has it
 * @param advice code of Byte Buddy's {@link Advice} that runs around the method. It stands in the
 *     package of the class, since it is copied into it
 * @param breaks the guarantee that must be found broken
 */
public record PlantedBug(
    String name, Class<?> where, String method, Class<?> advice, String breaks) {

  /** What comes of something that runs while the bug is in. */
  public <T> T planted(Supplier<T> task) {
    Instrumentation instrumentation = ByteBuddyAgent.install();
    AtomicInteger woven = new AtomicInteger();
    ResettableClassFileTransformer transformer =
        new AgentBuilder.Default()
            .disableClassFormatChanges()
            .with(RedefinitionStrategy.RETRANSFORMATION)
            .with(counting(woven))
            .type(is(where))
            .transform(
                (builder, type, loader, module, domain) ->
                    builder.visit(Advice.to(advice).on(named(method))))
            .installOn(instrumentation);
    try {
      if (woven.get() != 1) {
        throw new IllegalStateException(name + " was not planted");
      }
      return task.get();
    } finally {
      transformer.reset(instrumentation, RedefinitionStrategy.RETRANSFORMATION);
    }
  }

  private static AgentBuilder.Listener counting(AtomicInteger woven) {
    return new AgentBuilder.Listener.Adapter() {
      @Override
      public void onTransformation(
          TypeDescription type,
          ClassLoader loader,
          JavaModule module,
          boolean loaded,
          DynamicType changed) {
        woven.incrementAndGet();
      }

      @Override
      public void onError(
          String type, ClassLoader loader, JavaModule module, boolean loaded, Throwable cause) {
        throw new IllegalStateException("no bug can be planted in " + type, cause);
      }
    };
  }

  @Override
  public String toString() {
    return name;
  }
}
