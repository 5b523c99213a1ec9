package io.mayfly.sharding.peer;

import io.mayfly.actors.entry.ForwardedReply;
import io.mayfly.actors.entry.ForwardedRequest;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what one other node asks. While the answers are not read, nothing more is: so what waits
 * here is bounded by what the other has under way.
 */
final class PeerServing extends SimpleChannelInboundHandler<ByteBuf> {
  private static final Logger LOG = LoggerFactory.getLogger(PeerServing.class);

  private final PeerCodec codec;
  private final Supplier<Forwarding.@Nullable Serving> serving;
  private final ClockGap gap;

  /**
   * Serves one connection.
   *
   * @param clock of this node
   * @param serving absent while this node may not answer for its keys
   */
  PeerServing(
      PeerCodec codec, InstantSource clock, Supplier<Forwarding.@Nullable Serving> serving) {
    this.codec = codec;
    this.serving = serving;
    this.gap = new ClockGap(clock);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
    ForwardedRequest request = codec.request(frame);
    if (request == null) {
      return;
    }
    Channel channel = context.channel();
    tellOfGap(channel, request.sinceMillis());
    Forwarding.Serving ready = serving.get();
    if (ready == null) {
      answer(channel, new ForwardedReply(request.number(), /* elsewhere= */ true, null));
    } else {
      ready.serve(request, reply -> answer(channel, reply));
    }
  }

  private void tellOfGap(Channel channel, long sentMillis) {
    long aheadMillis = gap.toTellMillis(sentMillis);
    if (aheadMillis > 0) {
      LOG.warn(
          "the clock of the node at {} is ahead of this one's by {} ms at least: its keys end early,"
              + " and it refuses what this node sends there as late. Set the machines' clocks (NTP).",
          channel.remoteAddress(),
          aheadMillis);
    }
  }

  private void answer(Channel channel, ForwardedReply reply) {
    ByteBuf frame = codec.frame(reply, channel.alloc());
    if (frame == null) {
      LOG.error("dropped a reply that is longer than a frame may be");
    } else {
      var unused = channel.writeAndFlush(frame);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    var unused = context.channel().config().setAutoRead(context.channel().isWritable());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    PeerCodec.tell(context.channel(), failure);
    var unused = context.close();
  }
}
