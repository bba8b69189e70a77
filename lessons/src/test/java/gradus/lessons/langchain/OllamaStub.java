package gradus.lessons.langchain;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.ScriptedModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// A local server that speaks Ollama's API, and answers by a script.
public final class OllamaStub implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ScriptedModel script;
    private final List<JsonNode> requests = new ArrayList<>();
    private final HttpServer server;

    public OllamaStub(ScriptedModel script) throws IOException {
        this.script = script;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/chat", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
        requests.add(request);
        List<String> stop = new ArrayList<>();
        request.path("options").path("stop").forEach(each -> stop.add(each.asString()));
        String said = script.complete(
                request.path("messages").path(0).path("content").asString(),
                CompletionOptions.defaults().withStop(stop.toArray(String[]::new)));
        byte[] answer = JSON.writeValueAsBytes(
                Map.of("model", "tiny", "done", true, "message", Map.of("role", "assistant", "content", said)));
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    public String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /// What was asked of it.
    public List<JsonNode> requests() {
        return requests;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
