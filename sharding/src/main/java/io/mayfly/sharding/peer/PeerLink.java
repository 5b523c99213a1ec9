package io.mayfly.sharding.peer;

import io.mayfly.actors.entry.ForwardedReply;
import io.mayfly.actors.entry.ForwardedRequest;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection by which one node asks another. It opens once, and closes for good.
 *
 * <p>Invariant: whoever waits is in the map, and is taken out by the one that tells him.
 */
final class PeerLink extends SimpleChannelInboundHandler<ByteBuf> {
  private static final Logger LOG = LoggerFactory.getLogger(PeerLink.class);

  private final PeerCodec codec;
  private final Map<Long, Forwarding.Waiting> waiting = new ConcurrentHashMap<>();
  private volatile @Nullable Channel channel;
  private volatile boolean closed;
  private volatile long closedNanos;

  PeerLink(PeerCodec codec) {
    this.codec = codec;
  }

  /** Whether it has been closed for longer than this, so that another may be tried. */
  boolean closedFor(long nanos, long nowNanos) {
    return closed && nowNanos - closedNanos >= nanos;
  }

  /** Sends a request; false when it is not open, or too much waits to be sent. */
  boolean send(ForwardedRequest request, Forwarding.Waiting sender) {
    Channel open = channel;
    if (open == null || !open.isWritable()) {
      return false;
    }
    ByteBuf frame = codec.frame(request, open.alloc());
    if (frame == null) {
      return false;
    }
    long number = request.number();
    waiting.put(number, sender);
    if (closed && waiting.remove(number) != null) {
      frame.release();
      return false;
    }
    forgetAfter(sender.over(), number);
    ChannelFuture sent =
        open instanceof PromptChannel prompt ? prompt.send(frame) : open.writeAndFlush(frame);
    if (sent != null) {
      tellUnlessSent(sent, number);
    }
    return true;
  }

  private void forgetAfter(CompletionStage<?> over, long number) {
    var unused = over.whenComplete((reply, failure) -> waiting.remove(number));
  }

  private void tellUnlessSent(ChannelFuture sent, long number) {
    var unused =
        sent.addListener(
            done -> {
              Forwarding.Waiting sender = done.isSuccess() ? null : waiting.remove(number);
              if (sender != null) {
                sender.notSent();
              }
            });
  }

  /** Ends it, whether it is open or not yet, or has ended by itself. */
  void close() {
    Channel open = channel;
    if (open != null) {
      var unused = open.close();
    }
    if (!closed) {
      closedNanos = System.nanoTime();
      closed = true;
    }
    for (Long number : List.copyOf(waiting.keySet())) {
      Forwarding.Waiting left = waiting.remove(number);
      if (left != null) {
        left.lost();
      }
    }
  }

  /** With TLS the connection is open for long when it comes here. */
  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    if (context.channel().isActive()) {
      opened(context.channel());
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    opened(context.channel());
  }

  private void opened(Channel open) {
    channel = open;
    if (closed) {
      var unused = open.close();
    } else {
      LOG.info("requests for keys at {} go there directly", open.remoteAddress());
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
    ForwardedReply reply = codec.reply(frame);
    Forwarding.Waiting sender = reply == null ? null : waiting.remove(reply.number());
    if (reply != null && sender != null) {
      sender.answered(reply);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    PeerCodec.tell(context.channel(), failure);
    var unused = context.close();
  }
}
