package io.mayfly.sharding.peer;

import io.mayfly.actors.entry.ForwardedReply;
import io.mayfly.actors.entry.ForwardedRequest;
import io.mayfly.actors.wire.WireSerializer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.io.IOException;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages as the frames of a connection: the length in four bytes, then the message, which may be
 * as long as one of remoting.
 */
final class PeerCodec {
  private static final Logger LOG = LoggerFactory.getLogger(PeerCodec.class);
  private static final String FRAME_MAX = "pekko.remote.artery.advanced.maximum-frame-size";
  private static final int LENGTH_BYTES = 4;
  private static final String REQUEST = "forwarded-request";
  private static final String REPLY = "forwarded-reply";

  private final WireSerializer serializer;
  private final int messageBytesMax;

  PeerCodec(ExtendedActorSystem system) {
    this.serializer = new WireSerializer(system);
    this.messageBytesMax = Math.toIntExact(system.settings().config().getBytes(FRAME_MAX));
  }

  /** The frame of a message; absent when it would be too large. */
  @Nullable ByteBuf frame(ForwardedRequest request, ByteBufAllocator buffers) {
    return frame(serializer.toBinary(request), buffers);
  }

  /** The frame of a message; absent when it would be too large. */
  @Nullable ByteBuf frame(ForwardedReply reply, ByteBufAllocator buffers) {
    return frame(serializer.toBinary(reply), buffers);
  }

  private @Nullable ByteBuf frame(byte[] message, ByteBufAllocator buffers) {
    return message.length > messageBytesMax
        ? null
        : buffers
            .directBuffer(LENGTH_BYTES + message.length)
            .writeInt(message.length)
            .writeBytes(message);
  }

  /** Takes frames out of what arrives, and their lengths off them. */
  LengthFieldBasedFrameDecoder decoder() {
    return new LengthFieldBasedFrameDecoder(
        LENGTH_BYTES + messageBytesMax, 0, LENGTH_BYTES, 0, LENGTH_BYTES);
  }

  /** The request in a frame; absent, and logged, when it cannot be read. */
  @Nullable ForwardedRequest request(ByteBuf frame) {
    return (ForwardedRequest) read(frame, REQUEST);
  }

  /** The reply in a frame; absent, and logged, when it cannot be read. */
  @Nullable ForwardedReply reply(ByteBuf frame) {
    return (ForwardedReply) read(frame, REPLY);
  }

  /** Logs why a connection ends: that it broke is no fault of this node. */
  static void tell(Channel channel, Throwable failure) {
    if (failure instanceof IOException) {
      LOG.debug("the connection with {} broke", channel.remoteAddress(), failure);
    } else {
      LOG.error("ended the connection with {}", channel.remoteAddress(), failure);
    }
  }

  private @Nullable Object read(ByteBuf frame, String manifest) {
    try {
      return serializer.fromBinary(ByteBufUtil.getBytes(frame), manifest);
    } catch (IOException | RuntimeException e) {
      LOG.error("dropped a {} that cannot be read; does a newer version send it?", manifest, e);
      return null;
    }
  }
}
