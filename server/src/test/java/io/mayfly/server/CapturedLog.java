package io.mayfly.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What the process logs, at its most talkative. */
final class CapturedLog {
  private static final Logger ROOT = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private static final Logger CHANGES = (Logger) LoggerFactory.getLogger("io.mayfly.events");

  private CapturedLog() {}

  /** What would be on the console while the task runs, and nothing of it there. */
  static List<ILoggingEvent> of(Task task) throws IOException {
    Level level = ROOT.getLevel();
    List<Appender<ILoggingEvent>> others = new ArrayList<>();
    ROOT.iteratorForAppenders().forEachRemaining(others::add);
    ListAppender<ILoggingEvent> memory = new ListAppender<>();
    memory.start();
    others.forEach(ROOT::detachAppender);
    others.forEach(other -> other.getCopyOfAttachedFiltersList().forEach(memory::addFilter));
    ROOT.addAppender(memory);
    ROOT.setLevel(Level.TRACE);
    Level changes = CHANGES.getLevel();
    CHANGES.setLevel(Level.DEBUG);
    try {
      task.run();
    } finally {
      CHANGES.setLevel(changes);
      ROOT.setLevel(level);
      ROOT.detachAppender(memory);
      others.forEach(ROOT::addAppender);
    }
    return memory.list;
  }

  @FunctionalInterface
  interface Task {
    void run() throws IOException;
  }

  /** All that a line of it carries, with the context of libraries, which is not shown. */
  static String text(ILoggingEvent event) {
    return line(event) + event.getMDCPropertyMap();
  }

  /** All that a line of it shows. */
  static String line(ILoggingEvent event) {
    return event.getFormattedMessage()
        + event.getKeyValuePairs()
        + (event.getThrowableProxy() == null
            ? ""
            : ThrowableProxyUtil.asString(event.getThrowableProxy()));
  }
}
