package gradus.lessons.lab.retrieve;

import gradus.error.UsageException;
import gradus.lessons.lab.option.Experiment;
import gradus.lessons.lab.option.LabProgress;
import gradus.lessons.retrieve.chunk.BoundaryModel;
import gradus.lessons.retrieve.chunk.BoundaryPairs;
import gradus.lessons.retrieve.rerank.CrossEncoder;
import gradus.lessons.retrieve.rerank.MaxSim;
import gradus.lessons.retrieve.rerank.RankingExample;
import gradus.lessons.retrieve.search.PrefixEmbedder;
import gradus.lessons.retrieve.search.SentenceEmbedder;
import gradus.tensor.random.Rng;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.contrastive.GlossExamples.Held;
import gradus.train.corpus.WordNet;
import gradus.train.run.Preset;
import gradus.train.run.SavedEmbedding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `gradus lab retrieve`
@Command(
        name = "retrieve",
        description = {
            "Searches WordNet in several ways and measures what is found: by words (BM25,",
            "ours and Lucene's), by meaning (MiniLM, and an encoder that is trained here),",
            "by both, and with the best ordered anew. The questions are frozen: a sentence",
            "with a blank whose meaning is looked for, a definition whose word is, and a",
            "word whose meanings are. The table has each measure with its 95 %% interval,",
            "and what is claimed of the ways, each with a p."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus lab retrieve --out lab",
            "  gradus train --task contrastive --steps 2000 --matryoshka 64,256 --out runs/vectors",
            "  gradus lab retrieve --out lab --encoder runs/vectors --documents 0 --questions 400 --pages 60"
        })
public final class RetrieveLabCommand extends Experiment {
    private static final int MOST = 400; // questions of each way in the file
    private static final int PREFIX = 64;
    private static final long SEED = 1;

    @Option(
            names = "--documents",
            paramLabel = "<n>",
            description = "how many of WordNet's 117,791 meanings are searched, and with them their words; 0: all;"
                    + " default 10000")
    private int documents = 10_000;

    @Option(
            names = "--questions",
            paramLabel = "<n>",
            description = "how many of each of the three ways of asking, at most 400; default 200")
    private int questions = 200;

    @Option(
            names = "--encoder",
            paramLabel = "<run>",
            description = "a run of gradus train --task contrastive on wordnet; default: one is trained first")
    private Path encoder;

    @Option(names = "--preset", hidden = true, description = "what is trained where there is no --encoder")
    private String preset = Preset.VECTORS_SMALL.name();

    @Option(names = "--steps", paramLabel = "<n>", description = "steps that train it; default 400")
    private int steps = 400;

    @Option(
            names = "--rerank-steps",
            paramLabel = "<n>",
            description = "steps that train the cross-encoder; default 150")
    private int rerankSteps = 150;

    @Option(
            names = "--rerank-questions",
            paramLabel = "<n>",
            description =
                    "how many questions of each way it learns from, about meanings of which the encoder has seen no"
                            + " text; none of them is asked later; default 600")
    private int rerankQuestions = 600;

    @Option(
            names = "--depth",
            paramLabel = "<n>",
            description = "how many of the best documents are ordered anew; default 20")
    private int depth = 20;

    @Option(
            names = "--pages",
            paramLabel = "<n>",
            description = "a second table, in which so many pages made of WordNet are cut in eight ways; default 0:"
                    + " without it")
    private int pages;

    @Option(names = "--chunk-size", paramLabel = "<n>", description = "the most characters of a chunk; default 300")
    private int chunkSize = 300;

    @Option(
            names = "--boundary-steps",
            paramLabel = "<n>",
            description = "steps that train the model of boundaries; default 300")
    private int boundarySteps = 300;

    public RetrieveLabCommand(Console console) {
        super(console);
    }

    @Override
    protected String tables() {
        requireSizes();
        output().folder();
        Clock clock = new Clock();
        Path run = encoder != null ? encoder : trained();
        SavedEmbedding saved = SavedEmbedding.ofRun(run);
        SentenceEmbedder own = new SentenceEmbedder("trained", saved.embedding());
        output().say("the encoder: " + clock.lap());
        SentenceEmbedder miniLm = SentenceEmbedder.miniLm();
        WordNet net = WordNet.read();
        List<Question> asked = Judgements.some(questions);
        List<Question> learnt = new DrawnQuestions(net, Rng.of(SEED).at("learnt"))
                .without(Judgements.read())
                .of(Held.ALL, rerankQuestions);
        List<Question> both = new ArrayList<>(asked);
        both.addAll(learnt);
        Dictionary dictionary = Dictionary.of(net, both, documents, Rng.of(SEED).at("documents"));
        output().say("%s meanings and %s words are searched"
                .formatted(dictionary.meanings().size(), dictionary.words().size()));
        try (Searches meanings = searches(dictionary, false, miniLm, own);
                Searches words = searches(dictionary, true, miniLm, own)) {
            output().say("vectors: " + clock.lap());
            CrossEncoder cross = crossEncoder(saved, learnt, dictionary, meanings, words);
            output().say("the cross-encoder: " + clock.lap());
            Rankings rankings = new Rankings();
            for (Asking asking : Asking.values()) {
                Searches searches = asking.findsWords() ? words : meanings;
                if (!searches.ways().containsKey(Searches.ALL_THREE + ", cross-encoder")) {
                    searches.reranked(
                            Searches.ALL_THREE + ", MaxSim of MiniLM",
                            Searches.ALL_THREE,
                            new MaxSim(miniLm::tokens),
                            depth);
                    searches.reranked(Searches.ALL_THREE + ", cross-encoder", Searches.ALL_THREE, cross, depth);
                }
                rankings.ask(
                        asked.stream()
                                .filter(question -> question.asking() == asking)
                                .toList(),
                        searches.ways(),
                        RetrieveTable.DEPTH);
                output().say("asked in way %s: %s".formatted(asking.letter, clock.lap()));
            }
            String table = new RetrieveTable(rankings, Searches.ALL_THREE).markdown();
            output().keep(table);
            return pages == 0 ? table : table + "\n" + chunks(net, miniLm, own, clock);
        }
    }

    private String chunks(WordNet net, SentenceEmbedder miniLm, SentenceEmbedder own, Clock clock) {
        TopicPages topics = of(() -> TopicPages.of(net, pages, Rng.of(SEED).at("pages")));
        output().say("%s pages, %s questions"
                .formatted(topics.texts().size(), topics.questions().size()));
        BoundaryModel boundaries = BoundaryModel.train(
                BoundaryPairs.ofWordNet(net, Rng.of(SEED).at("boundaries")),
                boundarySteps,
                SEED,
                new LabProgress(boundarySteps, output()::say));
        output().say("the boundaries: " + clock.lap());
        ChunkTrial trial = new ChunkTrial(topics);
        StringBuilder table = new StringBuilder(
                "| cut | characters | search | nDCG@10 | read within %s characters |\n|---|---|---|---|---|\n"
                        .formatted(ChunkTrial.BUDGET));
        Chunkers.of(chunkSize, own, boundaries).forEach((name, chunker) -> {
            table.append(trial.rows(name, chunker, (documents, texts) -> {
                Searches searches = new Searches(documents, texts::get, miniLm, own);
                refine(searches, net, miniLm);
                return searches;
            }));
            output().say("cut by %s: %s".formatted(name, clock.lap()));
        });
        return table.toString();
    }

    /// The hybrid with the question rewritten, with its best ordered anew, and with both.
    private void refine(Searches searches, WordNet net, SentenceEmbedder miniLm) {
        MaxSim late = new MaxSim(miniLm::tokens);
        String rewritten = Searches.ALL_THREE + ", with synonyms";
        searches.rewritten(rewritten, Searches.ALL_THREE, new Synonyms(net));
        for (String way : List.of(Searches.ALL_THREE, rewritten)) {
            searches.reranked(way + ", MaxSim of MiniLM", way, late, depth);
        }
    }

    private void requireSizes() {
        if (documents < 0 || questions < 2 || questions > MOST) {
            throw new UsageException("--documents must be at least 0, and --questions from 2 to %s; got %s and %s"
                    .formatted(MOST, documents, questions));
        }
        if (pages < 0 || chunkSize < 10 || boundarySteps < 1) {
            throw new UsageException(
                    "--pages must be at least 0, --chunk-size at least 10 and --boundary-steps at least 1; got %s, %s and %s"
                            .formatted(pages, chunkSize, boundarySteps));
        }
        if (steps < 1 || rerankSteps < 1 || rerankQuestions < 1 || depth < 1) {
            throw new UsageException(
                    "--steps, --rerank-steps, --rerank-questions and --depth must be at least 1; got %s, %s, %s and %s"
                            .formatted(steps, rerankSteps, rerankQuestions, depth));
        }
    }

    private Path trained() {
        Preset size = Preset.named(preset)
                .orElseThrow(
                        () -> new UsageException("there is no preset " + preset + "; there are " + Preset.names()));
        output().say("the encoder: " + steps + " steps on WordNet");
        return new LabEncoder(output()).train(size, steps, output().path().resolve("encoder"));
    }

    private static Searches searches(
            Dictionary dictionary, boolean findsWords, SentenceEmbedder miniLm, SentenceEmbedder own) {
        var searched = dictionary.documents(findsWords);
        Searches searches = new Searches(searched, dictionary.texts()::get, miniLm, own);
        if (own.dim() > PREFIX) {
            searches.vectors(
                    Searches.TRAINED + ", the first " + PREFIX + " numbers", searched, new PrefixEmbedder(own, PREFIX));
        }
        return searches;
    }

    private CrossEncoder crossEncoder(
            SavedEmbedding start, List<Question> learnt, Dictionary dictionary, Searches meanings, Searches words) {
        List<RankingExample> examples = new ArrayList<>();
        for (Asking asking : Asking.values()) {
            Searches searches = asking.findsWords() ? words : meanings;
            examples.addAll(MinedLists.of(
                    learnt.stream()
                            .filter(question -> question.asking() == asking)
                            .toList(),
                    searches.ways().get(Searches.ALL_THREE),
                    dictionary.texts()::get,
                    Rng.of(SEED).at("mined").at(asking.letter)));
        }
        CrossEncoder cross = CrossEncoder.of(start, Rng.of(SEED).at("cross-encoder"));
        output().say("the cross-encoder: %s steps on %s questions".formatted(rerankSteps, examples.size()));
        cross.train(examples, rerankSteps, SEED, new LabProgress(rerankSteps, output()::say));
        cross.save(output().path().resolve("cross-encoder"));
        return cross;
    }
}
