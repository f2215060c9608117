package peer;

import com.helger.base.debug.GlobalDebug;
import com.helger.json.IJsonObject;
import com.helger.json.JsonObject;
import com.helger.http.EHttpMethod;
import com.helger.phase4.incoming.AS4IncomingProfileSelectorConstant;
import com.helger.phase4.incoming.AS4RequestHandler;
import com.helger.phase4.incoming.AS4ServerInitializer;
import com.helger.phase4.incoming.spi.IAS4IncomingMessageProcessorSPI;
import com.helger.phase4.servlet.AS4UnifiedResponse;
import com.helger.phase4.servlet.AS4XServletHandler;
import com.helger.phase4.servlet.IAS4ServletRequestHandlerCustomizer;
import com.helger.collection.commons.CommonsArrayList;
import com.helger.photon.io.WebFileIO;
import com.helger.web.scope.IRequestWebScopeWithoutResponse;
import com.helger.web.scope.mgr.WebScopeManager;
import com.helger.xservlet.AbstractXServlet;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.function.Supplier;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;

/**
 * phase4 as an access point that a script drives: Main PORT SUITE KEYS FOLDER PARTY.
 *
 * <p>POST /as4 is phase4's; POST /send sends (see Outbox); GET /inbox lists what was delivered and how many requests
 * came; POST /refuse?count=N answers the next N requests with 503.
 */
public final class Main {
  private static final AtomicInteger requests = new AtomicInteger();
  private static final AtomicInteger refusals = new AtomicInteger();

  private Main() {}

  public static void main(String[] given) throws Exception {
    var suite = Suite.valueOf(given[1]);
    var keys = new Keys(Path.of(given[2]));
    var folder = Files.createDirectories(Path.of(given[3]));
    var inbox = new Inbox(folder);
    GlobalDebug.setDebugModeDirect(false);
    GlobalDebug.setProductionModeDirect(true);
    var context = new ServletContextHandler();
    context.setContextPath("/");
    context.addEventListener(new Scopes(folder.toFile(), () -> new Receiver(keys, suite, inbox, given[4])));
    context.addFilter(new FilterHolder(new Door()), "/as4", EnumSet.of(DispatcherType.REQUEST));
    context.addServlet(new ServletHolder(new Control(new Outbox(keys, suite), inbox)), "/*");
    var server = new Server(new InetSocketAddress("127.0.0.1", Integer.parseInt(given[0])));
    server.setHandler(context);
    server.start();
    System.out.println("ready");
    server.join();
  }

  /** What phase4 needs around it before the first request. */
  private record Scopes(File data, Supplier<Servlet> receiver) implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
      WebScopeManager.onGlobalBegin(event.getServletContext());
      WebFileIO.initPaths(data, data.getAbsolutePath(), false);
      AS4ServerInitializer.initAS4Server();
      event.getServletContext().addServlet("as4", receiver.get()).addMapping("/as4");
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
      AS4ServerInitializer.shutdownAS4Server();
      WebScopeManager.onGlobalEnd();
    }
  }

  /** Counts, and refuses as often as it was told to. */
  private static final class Door implements Filter {
    @Override
    public void doFilter(ServletRequest asked, ServletResponse answer, FilterChain rest)
        throws IOException, ServletException {
      requests.incrementAndGet();
      if (refusals.getAndUpdate(n -> n > 0 ? n - 1 : 0) > 0) {
        asked.getInputStream().readAllBytes();
        ((HttpServletResponse) answer).sendError(503);
      } else {
        rest.doFilter(asked, answer);
      }
    }
  }

  /** phase4's servlet with our keys, our P-Mode and our inbox. */
  private static final class Receiver extends AbstractXServlet implements IAS4ServletRequestHandlerCustomizer {
    private final transient Keys keys;
    private final transient Suite suite;
    private final transient Inbox inbox;
    private final String party;

    Receiver(Keys keys, Suite suite, Inbox inbox, String party) {
      this.keys = keys;
      this.suite = suite;
      this.inbox = inbox;
      this.party = party;
      settings().setMultipartEnabled(false);
      var handler = new AS4XServletHandler();
      handler.setRequestHandlerCustomizer(this);
      handlerRegistry().registerHandler(EHttpMethod.POST, handler);
    }

    @Override
    public void customizeBeforeHandling(IRequestWebScopeWithoutResponse scope, AS4UnifiedResponse answer,
        AS4RequestHandler handler) {
      handler.setCryptoFactorySign(keys.signing).setCryptoFactoryCrypt(keys.encryption);
      handler.setPModeResolver((id, service, action, initiator, responder, agreement, address) ->
          party.equals(responder) ? Agreement.between(initiator, responder, suite, true) : null);
      handler.setIncomingProfileSelector(new AS4IncomingProfileSelectorConstant(null, false));
      handler.setProcessorSupplier(() -> new CommonsArrayList<IAS4IncomingMessageProcessorSPI>(inbox));
    }

    @Override
    public void customizeAfterHandling(IRequestWebScopeWithoutResponse scope, AS4UnifiedResponse answer,
        AS4RequestHandler handler) {}
  }

  /** The script's door. */
  private static final class Control extends HttpServlet {
    private final transient Outbox outbox;
    private final transient Inbox inbox;

    Control(Outbox outbox, Inbox inbox) {
      this.outbox = outbox;
      this.inbox = inbox;
    }

    @Override
    protected void doGet(HttpServletRequest asked, HttpServletResponse answer) throws IOException {
      say(answer, new JsonObject().add("requests", requests.get()).add("messages", inbox.list()));
    }

    @Override
    protected void doPost(HttpServletRequest asked, HttpServletResponse answer) throws IOException, ServletException {
      if (asked.getRequestURI().equals("/refuse")) {
        refusals.set(Integer.parseInt(asked.getParameter("count")));
        say(answer, new JsonObject());
        return;
      }
      try {
        say(answer, outbox.send(asked));
      } catch (Exception broken) {
        say(answer, new JsonObject().add("result", "EXCEPTION").add("exception", broken.toString()));
      }
    }

    private static void say(HttpServletResponse answer, IJsonObject told) throws IOException {
      answer.setContentType("application/json");
      answer.getOutputStream().write(told.getAsJsonString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
  }
}
