package gradus.lessons.langchain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.store.embedding.EmbeddingStoreIngestor;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import gradus.lessons.prompt.Exchange;
import gradus.lessons.prompt.LocalModel;
import gradus.lessons.prompt.RecordedModel;
import gradus.lessons.prompt.TinyChat;
import gradus.lessons.retrieve.chunk.ChunkSize;
import gradus.lessons.retrieve.chunk.RecursiveChunker;
import gradus.lessons.retrieve.index.DocumentIndex;
import gradus.lessons.retrieve.search.Analysis;
import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.SentenceEmbedder;
import java.util.List;
import org.junit.jupiter.api.Test;

/// RAG chains of LangChain4j on models of ours alone.
class AiServicesTest {
    private static final List<Document> DOCUMENTS = List.of(
            Document.of("cats", "Tigers are large feline animals."), Document.of("tea", "Tea is made of leaves."));

    interface Assistant {
        String answer(String question);
    }

    @Test
    void tenLinesOfLangChain4j() {
        RecordedModel model = new RecordedModel(LocalModel.chat(TinyChat.model(500)));
        SentenceEmbedder miniLm = SentenceEmbedder.miniLm();
        try (DocumentIndex index = DocumentIndex.inMemory(DOCUMENTS, Analysis.english(), miniLm)) {
            Assistant assistant = AiServices.builder(Assistant.class)
                    .chatModel(new GradusChatModel(model))
                    .contentRetriever(new GradusContentRetriever(index.vectors(miniLm), index::document, 1))
                    .build();
            String answer = assistant.answer("What are big cats?");
            Exchange exchange = model.transcript().getFirst();
            assertThat(model.transcript()).hasSize(1);
            assertThat(exchange.prompt())
                    .startsWith("What are big cats?")
                    .contains("Tigers are large feline animals.")
                    .doesNotContain("Tea");
            assertThat(answer).isEqualTo(exchange.answer()).isNotEmpty();
        }
    }

    /// Their store and ingestor, with our splitter and embedder; and the conversation goes on.
    @Test
    void theirStoreWithOurParts() {
        RecordedModel model = new RecordedModel(LocalModel.chat(TinyChat.model(800)));
        GradusEmbeddingModel embedding = new GradusEmbeddingModel(SentenceEmbedder.miniLm());
        var store = new InMemoryEmbeddingStore<dev.langchain4j.data.segment.TextSegment>();
        EmbeddingStoreIngestor.builder()
                .documentSplitter(new GradusDocumentSplitter(new RecursiveChunker(ChunkSize.of(40))))
                .embeddingModel(embedding)
                .embeddingStore(store)
                .build()
                .ingest(dev.langchain4j.data.document.Document.from(
                        "Tigers are large feline animals.\n\nTea is made of leaves."));
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(new GradusChatModel(model))
                .chatMemory(MessageWindowChatMemory.withMaxMessages(10))
                .contentRetriever(EmbeddingStoreContentRetriever.builder()
                        .embeddingStore(store)
                        .embeddingModel(embedding)
                        .maxResults(1)
                        .build())
                .build();
        assistant.answer("a hot drink?");
        assertThat(model.transcript().getFirst().prompt()).contains("Tea is made of leaves.");
        assertThat(assistant.answer("big cats?")).isNotNull();
    }
}
