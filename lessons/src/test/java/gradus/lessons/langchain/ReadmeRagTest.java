package gradus.lessons.langchain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.service.AiServices;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.lessons.prompt.LocalModel;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.TinyChat;
import gradus.lessons.retrieve.index.DocumentIndex;
import gradus.lessons.retrieve.index.IndexEditor;
import gradus.lessons.retrieve.rag.Answer;
import gradus.lessons.retrieve.rag.NaiveRag;
import gradus.lessons.retrieve.rag.Reading;
import gradus.lessons.retrieve.search.Analysis;
import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Hybrid;
import gradus.lessons.retrieve.search.ReciprocalRankFusion;
import gradus.lessons.retrieve.search.Retriever;
import gradus.lessons.retrieve.search.SentenceEmbedder;
import gradus.tensor.random.Rng;
import gradus.train.pretrained.HuggingFaceFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The README's lines about answers from documents run.
class ReadmeRagTest {
    @TempDir
    Path temporary;

    interface Assistant {
        String answer(String question);
    }

    @Test
    void theSampleRunsAndIsTheReadmes() throws IOException {
        Path folder = index();
        Path model = model();
        // sample
        SentenceEmbedder miniLm = SentenceEmbedder.miniLm();
        TextModel text = LocalModel.open(model);
        try (DocumentIndex index = DocumentIndex.open(folder)) {
            Retriever search = new Hybrid(List.of(index.bm25(), index.vectors(miniLm)), new ReciprocalRankFusion());
            Answer answer = new NaiveRag(search, index::document, 3, new Reading(text)).ask("Where do lions live?");
            System.out.println(answer.text() + " " + answer.citations());

            Assistant assistant = AiServices.builder(Assistant.class) // LangChain4j makes it of an interface
                    .chatModel(new GradusChatModel(text))
                    .contentRetriever(new GradusContentRetriever(search, index::document, 3))
                    .build();
            System.out.println(assistant.answer("Where do lions live?"));
        }
        // end
        String source = Files.readString(Path.of("src/test/java/gradus/lessons/langchain/ReadmeRagTest.java"));
        String sample = source.substring(source.indexOf("// sample\n") + 10, source.indexOf("// end\n"))
                .stripIndent();
        assertThat(Files.readString(Path.of("../README.md"))).contains("```java\n" + sample + "```\n");
    }

    /// Of two documents, as `gradus rag index --embed minilm` makes it.
    private Path index() {
        Path folder = temporary.resolve("index");
        try (IndexEditor editor = IndexEditor.open(folder, Analysis.standard(), SentenceEmbedder.miniLm())) {
            editor.add(List.of(
                    Document.of("cats", "Lions live in prides."), Document.of("tea", "Tea is made of leaves.")));
            editor.commit();
        }
        return folder;
    }

    /// Of random weights, in a Hugging Face folder.
    private Path model() {
        Path folder = temporary.resolve("model");
        GptConfig size = new GptConfig(TinyChat.TOKENIZER.vocabularySize(), 1200, 1, 2, 8, 0.0);
        HuggingFaceFolder.save(folder, new Gpt(size, Rng.of(1)), TinyChat.TOKENIZER);
        return folder;
    }
}
