package io.mayfly.http;

import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.TLSProtocol.SendBytes;
import org.apache.pekko.stream.TLSProtocol.SessionBytes;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * The bytes of a connection in clear, in the form in which Pekko HTTP has those of one with TLS. It
 * breaks a connection on which no bytes pass for too long.
 */
final class Wire
    extends GraphStage<BidiShape<SslTlsOutbound, ByteString, ByteString, SslTlsInbound>> {
  private final Inlet<SslTlsOutbound> answers = Inlet.create("Wire.answers");
  private final Outlet<ByteString> toClient = Outlet.create("Wire.toClient");
  private final Inlet<ByteString> fromClient = Inlet.create("Wire.fromClient");
  private final Outlet<SslTlsInbound> asked = Outlet.create("Wire.asked");
  private final BidiShape<SslTlsOutbound, ByteString, ByteString, SslTlsInbound> shape =
      BidiShape.of(answers, toClient, fromClient, asked);
  private final SSLSession none = none();
  private final Connections connections;
  private final long idleTimeoutNanos;

  /**
   * Wires.
   *
   * @param idleTimeout how long no bytes may pass
   */
  Wire(Connections connections, Duration idleTimeout) {
    this.connections = connections;
    this.idleTimeoutNanos = idleTimeout.toNanos();
  }

  /** The session of a connection that has none. */
  private static SSLSession none() {
    try {
      return SSLContext.getDefault().createSSLEngine().getSession();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("a JDK without TLS", e);
    }
  }

  @Override
  public BidiShape<SslTlsOutbound, ByteString, ByteString, SslTlsInbound> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic implements Connections.Timed {
    private final AsyncCallback<Long> callback = createAsyncCallback(this::breakIfIdle);
    private volatile long passedNanos = System.nanoTime();

    private Logic() {
      super(shape);
      setHandler(answers, new Answers());
      setHandler(toClient, new Asking<>(answers));
      setHandler(fromClient, new Requests());
      setHandler(asked, new Asking<>(fromClient));
    }

    private final class Answers extends AbstractInHandler {
      @Override
      public void onPush() {
        passedNanos = System.nanoTime();
        if (grab(answers) instanceof SendBytes sent) {
          push(toClient, sent.bytes());
        } else {
          pull(answers);
        }
      }

      @Override
      public void onUpstreamFinish() {
        complete(toClient);
      }
    }

    private final class Requests extends AbstractInHandler {
      @Override
      public void onPush() {
        passedNanos = System.nanoTime();
        push(asked, new SessionBytes(none, grab(fromClient)));
      }

      @Override
      public void onUpstreamFinish() {
        complete(asked);
      }
    }

    /** Asks for more when there is room. */
    private final class Asking<T> extends AbstractOutHandler {
      private final Inlet<T> source;

      private Asking(Inlet<T> source) {
        this.source = source;
      }

      @Override
      public void onPull() {
        pull(source);
      }

      @Override
      public void onDownstreamFinish(Throwable cause) {
        cancel(source, cause);
      }
    }

    @Override
    public void preStart() {
      connections.watch(this);
    }

    @Override
    public void postStop() {
      connections.unwatch(this);
    }

    @Override
    public void look(long nowNanos) {
      if (nowNanos - passedNanos >= idleTimeoutNanos) {
        callback.invoke(nowNanos);
      }
    }

    private void breakIfIdle(long nowNanos) {
      if (nowNanos - passedNanos >= idleTimeoutNanos) {
        failStage(new TimeoutException("no bytes passed"));
      }
    }
  }
}
