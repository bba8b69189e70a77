package gradus.lessons.langchain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.query.Query;
import gradus.error.ConfigException;
import gradus.error.ResourceException;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.Exchange;
import gradus.lessons.prompt.LocalModel;
import gradus.lessons.prompt.ScriptedModel;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.TinyChat;
import gradus.lessons.retrieve.chunk.ChunkSize;
import gradus.lessons.retrieve.chunk.structure.StructureChunker;
import gradus.lessons.retrieve.search.Analysis;
import gradus.lessons.retrieve.search.Bm25;
import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.WordVectors;
import gradus.tokenizer.chat.ChatMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class LangChainTest {
    private static final CompletionOptions OPTIONS = CompletionOptions.defaults()
            .withMaxTokens(7)
            .withTemperature(0.5)
            .withStop("\n", "END")
            .withSeed(11);

    /// Through both adapters and back a model is what it was.
    @Test
    void thereAndBackAgain() {
        TextModel local = LocalModel.chat(TinyChat.model(300));
        TextModel round = new LangChainText(new GradusChatModel(local, OPTIONS, prompt -> prompt));
        assertThat(round.complete("who is it?", OPTIONS)).isEqualTo(local.complete("who is it?", OPTIONS));
        List<ChatMessage> messages = List.of(
                ChatMessage.system("be brief"),
                ChatMessage.user("who"),
                ChatMessage.assistant("me"),
                ChatMessage.user("it?"));
        assertThat(round.chat(messages, OPTIONS)).isEqualTo(local.chat(messages, OPTIONS));
    }

    @Test
    void whatARequestLeavesOpenIsAsUsual() {
        ScriptedModel model = ScriptedModel.inOrder("a", "b END c");
        ChatModel chat = new GradusChatModel(model, OPTIONS, prompt -> "<" + prompt + ">");
        assertThat(chat.chat("who?")).isEqualTo("a");
        ChatRequest request = ChatRequest.builder()
                .messages(SystemMessage.from("be brief"), UserMessage.from("who?"))
                .temperature(0.0)
                .maxOutputTokens(3)
                .stopSequences(List.of("END"))
                .build();
        assertThat(chat.chat(request).aiMessage().text()).isEqualTo("b ");
        assertThat(model.transcript())
                .containsExactly(
                        new Exchange("<who?>", OPTIONS, "a"),
                        new Exchange(
                                "System: be brief\n\nUser: who?\n\nAssistant:",
                                new CompletionOptions(3, 0, List.of("END"), 11),
                                "b "));
    }

    @Test
    void whatOurModelsDoNotDoIsRefused() {
        ChatModel chat = new GradusChatModel(ScriptedModel.empty());
        ToolSpecification tool = ToolSpecification.builder().name("clock").build();
        assertThatThrownBy(() -> chat.chat(ChatRequest.builder()
                        .messages(UserMessage.from("x"))
                        .toolSpecifications(tool)
                        .build()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("takes no tools");
        assertThatThrownBy(() -> chat.chat(ChatRequest.builder()
                        .messages(UserMessage.from("x"))
                        .responseFormat(ResponseFormat.JSON)
                        .build()))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> chat.chat(UserMessage.from(ImageContent.from("http://localhost/a.png"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("reads texts; got a message of the type USER");
    }

    @Test
    void piecesStream() {
        TextModel local = LocalModel.chat(TinyChat.model(300));
        List<String> pieces = new ArrayList<>();
        List<Object> ends = new ArrayList<>();
        StreamingChatResponseHandler handler = new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String piece) {
                pieces.add(piece);
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                ends.add(response.aiMessage().text());
            }

            @Override
            public void onError(Throwable error) {
                ends.add(error);
            }
        };
        CompletionOptions twelve = CompletionOptions.defaults().withMaxTokens(12);
        new GradusStreamingChatModel(local, twelve).chat("who is it?", handler);
        assertThat(pieces).hasSizeGreaterThan(2);
        assertThat(ends).containsExactly(local.complete("who is it?", twelve));
        assertThat(String.join("", pieces)).isEqualTo(ends.getFirst());
        new GradusStreamingChatModel(ScriptedModel.empty()).chat("x", handler);
        assertThat(ends.get(1)).isInstanceOf(ConfigException.class);
    }

    @Test
    void vectorsAndScores() {
        WordVectors vectors = new WordVectors(8);
        GradusEmbeddingModel theirs = new GradusEmbeddingModel(vectors);
        assertThat(theirs.dimension()).isEqualTo(8);
        assertThat(theirs.embed("large cat").content().vector()).isEqualTo(vectors.embed(List.of("large cat"))[0]);
        LangChainEmbedder back = new LangChainEmbedder("back", theirs);
        assertThat(back.embed(List.of("a b", "c"))).isDeepEqualTo(vectors.embed(List.of("a b", "c")));
        assertThat(back.embed(List.of())).isEmpty();
        assertThat(back.dim()).isEqualTo(8);
        GradusScoringModel scores = new GradusScoringModel(
                (query, texts) -> texts.stream().mapToDouble(String::length).toArray());
        assertThat(scores.scoreAll(List.of(TextSegment.from("abc"), TextSegment.from("a")), "q")
                        .content())
                .containsExactly(3.0, 1.0);
        assertThat(new LangChainReranker(scores).scores("q", List.of("ab", "x")))
                .containsExactly(2, 1);
        assertThat(new LangChainReranker(scores).scores("q", List.of())).isEmpty();
    }

    @Test
    void contentsAndSegmentsSayWhereTheyStand() {
        List<Document> documents = List.of(
                Document.of("cats", "Tigers swim.").withMetadata(Map.of("year", "1912")),
                Document.of("tea", "Leaves."));
        GradusContentRetriever retriever = new GradusContentRetriever(
                new Bm25(documents, Analysis.standard()),
                id -> documents.stream().filter(each -> each.id().equals(id)).findFirst(),
                5);
        List<Content> found = retriever.retrieve(Query.from("tigers"));
        assertThat(found).hasSize(1);
        TextSegment segment = found.getFirst().textSegment();
        assertThat(segment.text()).isEqualTo("Tigers swim.");
        assertThat(segment.metadata().toMap())
                .isEqualTo(Map.of("year", "1912", "id", "cats", "path", "cats", "start", 0, "end", 12));
        assertThatThrownBy(() -> new GradusContentRetriever(retriever.retriever(), id -> Optional.empty(), 0))
                .isInstanceOf(ConfigException.class);

        String text = "# Cats\n\nTigers swim.\n\n# Tea\n\nLeaves.";
        var splitter = new GradusDocumentSplitter(StructureChunker.markdown(ChunkSize.of(100)));
        List<TextSegment> segments = splitter.split(dev.langchain4j.data.document.Document.from(text));
        assertThat(segments)
                .hasSize(2)
                .allSatisfy(each -> assertThat(text.substring(
                                each.metadata().getInteger("start"),
                                each.metadata().getInteger("end")))
                        .isEqualTo(each.text()));
        assertThat(segments.get(1).metadata().getString("section")).isEqualTo("Tea");
        assertThat(segments.get(1).metadata().getString("index")).isEqualTo("1");
    }

    /// A local server that speaks Ollama's API.
    @Test
    void ollama() throws Exception {
        String url;
        JsonNode request;
        try (OllamaStub stub = new OllamaStub(ScriptedModel.inOrder("it is me"))) {
            url = stub.url();
            assertThat(LangChainText.ollama(url, "tiny").complete("who is it?", OPTIONS))
                    .isEqualTo("it is me");
            request = stub.requests().getFirst();
        }
        assertThat(request.path("model").asString()).isEqualTo("tiny");
        assertThat(request.path("messages").path(0).path("role").asString()).isEqualTo("user");
        assertThat(request.path("messages").path(0).path("content").asString()).isEqualTo("who is it?");
        assertThat(request.path("options").path("temperature").asDouble()).isEqualTo(0.5);
        assertThat(request.path("options").path("num_predict").asInt()).isEqualTo(7);
        assertThat(request.path("options").path("seed").asInt()).isEqualTo(11);
        assertThat(request.path("options").path("stop").path(1).asString()).isEqualTo("END");
        assertThatThrownBy(() -> LangChainText.ollama(url, "tiny").complete("x"))
                .isInstanceOf(ResourceException.class)
                .hasMessageStartingWith("the model does not answer: ")
                .satisfies(failed -> assertThat(failed.getMessage()).doesNotContain("\n"));
    }

    @Test
    void aModelThatSaysNothing() {
        ChatModel silent = new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                return ChatResponse.builder()
                        .aiMessage(AiMessage.builder().build())
                        .build();
            }
        };
        assertThat(new LangChainText(silent).complete("x")).isEmpty();
    }
}
