package io.mayfly.sharding.peer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A connection on which a thread writes a frame itself, as long as the socket takes it whole. To
 * wake the thread of the connection for that takes longer than the write.
 *
 * <p>Invariant: once a frame, or a part of one, waits for the thread of the connection, so does all
 * that comes after it.
 */
final class PromptChannel extends NioSocketChannel {
  private int waiting;

  /**
   * Writes a frame, or leaves what the socket does not take to the thread of the connection.
   *
   * @return completes when all is written; absent when it is, since to listen would wake that
   *     thread
   */
  synchronized @Nullable ChannelFuture send(ByteBuf frame) {
    if (waiting == 0) {
      try {
        frame.skipBytes(javaChannel().write(frame.nioBuffer()));
      } catch (IOException e) {
        frame.release();
        var unused = close();
        return newFailedFuture(e);
      }
      if (!frame.isReadable()) {
        frame.release();
        return null;
      }
    }
    waiting++;
    return writeAndFlush(frame).addListener(written -> sent());
  }

  private synchronized void sent() {
    waiting--;
  }
}
