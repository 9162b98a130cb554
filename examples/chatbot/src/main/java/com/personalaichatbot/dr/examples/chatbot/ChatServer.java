package com.personalaichatbot.dr.examples.chatbot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * HTTP server of the chatbot: the page, the chat itself, and old conversations.
 *
 * <p>A request that a client never finishes holds one of {@link #MAX_REQUESTS} threads for at most
 * {@link #MAX_REQUEST_SECONDS}. Of those that are complete at most {@link #MAX_ANSWERS} are
 * answered at a time, so that health checks always find a thread. Requests for another host name
 * are refused, since a page elsewhere may have its name point to this machine.
 */
final class ChatServer {
  private static final int MAX_REQUESTS = 256;
  private static final int MAX_ANSWERS = 8;
  private static final int MAX_REQUEST_SECONDS = 10;
  private static final int MAX_QUEUE_SECONDS = 5;
  private static final int MOST_BYTES = 64 * 1024;
  private static final int MOST_CHARACTERS = 4000;
  private static final Set<String> HOSTS = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final ObjectMapper JSON = new ObjectMapper();

  static {
    // Read once, when the first server of the process is created; an operator's own value stays.
    if (System.getProperty("sun.net.httpserver.maxReqTime") == null) {
      System.setProperty("sun.net.httpserver.maxReqTime", Integer.toString(MAX_REQUEST_SECONDS));
    }
  }

  private final Conversations conversations;
  private final AppLog log;
  private final Clock clock;
  private final Semaphore answers = new Semaphore(MAX_ANSWERS);
  private final ExecutorService threads = newThreads();
  private final HttpServer server;

  private ChatServer(Conversations conversations, AppLog log, Clock clock, int port)
      throws IOException {
    this.conversations = conversations;
    this.log = log;
    this.clock = clock;
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    serve("/", answering("GET", this::page));
    serve("/chat", answering("POST", this::chat));
    serve("/conversations/", answering("GET", this::conversation));
    server.setExecutor(threads);
  }

  /**
   * Begins to listen on this machine only.
   *
   * @param port 0 for any that is free
   */
  static ChatServer start(Conversations conversations, AppLog log, Clock clock, int port)
      throws IOException {
    ChatServer server = new ChatServer(conversations, log, clock, port);
    server.server.start();
    return server;
  }

  /** Adds a handler for all requests below a path. */
  void serve(String path, HttpHandler handler) {
    server.createContext(path, exchange -> {
      String host = String.valueOf(exchange.getRequestHeaders().getFirst("Host"));
      if (HOSTS.contains(host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT))) {
        handler.handle(exchange);
      } else {
        try (exchange) {
          send(exchange, Answer.error(421, "this server answers for localhost only"));
        }
      }
    });
  }

  URI address() {
    InetSocketAddress address = server.getAddress();
    return URI.create("http://" + address.getHostString() + ":" + address.getPort() + "/");
  }

  /** Lets the requests under way finish, if that takes no longer than this, and takes no more. */
  void stop(Duration patience) {
    threads.shutdown();
    try {
      threads.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.stop(0);
  }

  /** The answer that is sent back. */
  private record Answer(int status, String type, byte[] body) {
    static Answer json(int status, ObjectNode json) {
      return new Answer(
          status, "application/json", json.toString().getBytes(StandardCharsets.UTF_8));
    }

    static Answer error(int status, String message) {
      return json(status, JSON.createObjectNode().put("error", message));
    }
  }

  /** Makes an answer to a request. */
  @FunctionalInterface
  private interface Answering {
    Answer answer(HttpExchange exchange) throws IOException;
  }

  private static HttpHandler answering(String method, Answering answering) {
    return exchange -> {
      try (exchange) {
        Answer answer;
        if (exchange.getRequestMethod().equals(method)) {
          answer = answerOrFail(exchange, answering);
        } else {
          exchange.getResponseHeaders().set("Allow", method);
          answer = Answer.error(405, "use " + method);
        }
        send(exchange, answer);
      }
    };
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", answer.type + "; charset=utf-8");
    exchange.sendResponseHeaders(answer.status, answer.body.length);
    exchange.getResponseBody().write(answer.body);
  }

  private static Answer answerOrFail(HttpExchange exchange, Answering answering) {
    try {
      return answering.answer(exchange);
    } catch (IOException | RuntimeException e) {
      return Answer.error(500, "this conversation cannot be read or written now");
    }
  }

  private Answer page(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestURI().getPath().equals("/")) {
      return Answer.error(404, "there is nothing here");
    }
    try (InputStream page = ChatServer.class.getResourceAsStream("chat.html")) {
      return new Answer(200, "text/html", page.readAllBytes());
    }
  }

  private Answer chat(HttpExchange exchange) throws IOException {
    String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
    if (!type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
      // A page of another origin may send a form without being asked, but no JSON.
      return Answer.error(415, "a message is sent with Content-Type: application/json");
    }
    byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
    if (body.length > MOST_BYTES) {
      return Answer.error(413, "a request has at most " + MOST_BYTES + " bytes");
    }
    JsonNode request;
    try {
      request = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return Answer.error(400, "the request is not JSON");
    }
    try {
      if (!answers.tryAcquire(MAX_QUEUE_SECONDS, TimeUnit.SECONDS)) {
        return Answer.error(503, "too many messages are being answered; send it again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.error(503, "the chatbot is stopping");
    }
    try {
      return answer(request);
    } finally {
      answers.release();
    }
  }

  private Answer answer(JsonNode request) throws IOException {
    String message = request.path("message").asText("").strip();
    if (message.isEmpty() || message.length() > MOST_CHARACTERS) {
      return Answer.error(400, "message has 1 to " + MOST_CHARACTERS + " characters");
    }
    if (!request.hasNonNull("conversation_id")) {
      return begin(message);
    }
    Optional<UUID> id = id(request.get("conversation_id").asText());
    return id.isPresent() ? goOn(id.get(), message) : noConversation();
  }

  private Answer begin(String message) throws IOException {
    Conversation begun = Conversation.begin(UUID.randomUUID(), said("user", message));
    Conversation answered = answered(begun);
    conversations.store(answered);
    log.info("conversation " + answered.id() + " begun");
    return reply(answered);
  }

  private Answer goOn(UUID id, String message) throws IOException {
    Optional<Conversation> changed =
        conversations.change(id, before -> answered(before.with(said("user", message))));
    if (changed.isEmpty()) {
      return noConversation();
    }
    log.info("conversation " + id + " has " + changed.get().messages().size() + " messages");
    return reply(changed.get());
  }

  private Conversation answered(Conversation asked) {
    int before = asked.messages().size() - 1;
    String question = asked.messages().get(before).content();
    return asked.with(said("assistant", Replies.to(question, before)));
  }

  private Conversation.Message said(String role, String text) {
    return new Conversation.Message(role, text, LocalDateTime.now(clock));
  }

  private static Answer reply(Conversation conversation) {
    int last = conversation.messages().size() - 1;
    return Answer.json(
        200,
        JSON.createObjectNode()
            .put("conversation_id", conversation.id().toString())
            .put("reply", conversation.messages().get(last).content())
            .put("messages", last + 1));
  }

  private Answer conversation(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Optional<UUID> id = id(path.substring("/conversations/".length()));
    Optional<Conversation> found = id.isPresent() ? conversations.find(id.get()) : Optional.empty();
    return found.isEmpty()
        ? noConversation()
        : new Answer(
            200, "application/json", found.get().toJson().getBytes(StandardCharsets.UTF_8));
  }

  private static Answer noConversation() {
    return Answer.error(404, "there is no such conversation");
  }

  /** Only a UUID in its usual form names a conversation, so that no id can be a path. */
  private static Optional<UUID> id(String text) {
    try {
      UUID id = UUID.fromString(text);
      return id.toString().equals(text) ? Optional.of(id) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static ExecutorService newThreads() {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor threads = new ThreadPoolExecutor(
        MAX_REQUESTS, MAX_REQUESTS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
          Thread thread = new Thread(task, "chat-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }
}
