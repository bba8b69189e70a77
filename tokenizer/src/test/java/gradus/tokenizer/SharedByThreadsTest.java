package gradus.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tokenizer.train.WordPieceFrequencyTrainer;
import gradus.tokenizer.train.WordPieceTrainerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// One tokenizer, many threads at the same time: the ids and texts that one thread alone gets.
class SharedByThreadsTest {
    private static final int THREADS = 16;

    @Test
    void everyKindGivesEachThreadTheIdsOfOneThreadAlone() throws Exception {
        var random = new Random(11);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            texts.add(Texts.random(random) + " " + Texts.random(random));
        }
        texts.add("x".repeat(5_000));
        var characters = new StringBuilder();
        texts.forEach(characters::append);
        Map<String, Tokenizer> tokenizers = Map.of(
                "bpe", WordNetBpe.get(),
                "wordpiece",
                        new WordPieceFrequencyTrainer(WordPieceTrainerOptions.of(600))
                                .train(WordNetText.text().substring(0, 99_999)),
                "char", CharTokenizer.of(characters.toString()),
                "byte", new ByteTokenizer());
        for (Map.Entry<String, Tokenizer> each : tokenizers.entrySet()) {
            Tokenizer tokenizer = each.getValue();
            List<int[]> alone = texts.stream().map(tokenizer::encode).toList();
            var barrier = new CyclicBarrier(THREADS);
            try (var pool = Executors.newFixedThreadPool(THREADS)) {
                List<Future<Void>> done = new ArrayList<>();
                for (int thread = 0; thread < THREADS; thread++) {
                    int offset = thread * 7;
                    done.add(pool.submit((Callable<Void>) () -> {
                        barrier.await();
                        for (int i = 0; i < texts.size(); i++) {
                            int n = (i + offset) % texts.size(); // not all at the same text
                            assertThat(tokenizer.encode(texts.get(n)))
                                    .as(each.getKey())
                                    .isEqualTo(alone.get(n));
                            tokenizer.decode(alone.get(n));
                        }
                        return null;
                    }));
                }
                for (Future<Void> one : done) {
                    one.get();
                }
            }
        }
    }
}
