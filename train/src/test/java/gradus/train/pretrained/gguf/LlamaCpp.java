package gradus.train.pretrained.gguf;

import static org.junit.jupiter.api.Assumptions.abort;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.args.CacheType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/// llama.cpp in a JVM of its own, which it ends where it does not like a file.
final class LlamaCpp {
    private static final int NO_LIBRARY = 77;
    private static final String EMBED = "embed";

    private LlamaCpp() {}

    /// What it made of a prompt.
    ///
    /// @param ids  the prompt's tokens
    /// @param text the likeliest continuation
    record Answer(int[] ids, String text) {}

    /// Lets it go on from prompts, or with a limit of 0 only cut them into tokens; skips the test that asks
    /// where it has no library for the machine.
    static List<Answer> goOn(Path model, List<String> prompts, int limit) throws IOException, InterruptedException {
        return List.of(ask(model, prompts, Integer.toString(limit), Answer[].class));
    }

    /// The same with a LoRA added to the model.
    static List<Answer> goOn(Path model, Path lora, List<String> prompts, int limit)
            throws IOException, InterruptedException {
        return List.of(ask(model, prompts, Integer.toString(limit), Answer[].class, lora.toString()));
    }

    /// The vectors of texts by an encoder, pooled as its file says.
    static float[][] embed(Path model, List<String> texts) throws IOException, InterruptedException {
        return ask(model, texts, EMBED, float[][].class);
    }

    private static <T> T ask(Path model, List<String> prompts, String what, Class<T> type, String... lora)
            throws IOException, InterruptedException {
        Path folder = model.toAbsolutePath().getParent();
        Path questions = folder.resolve("questions.json");
        Path answers = folder.resolve("answers.json");
        Path log = folder.resolve("log.txt");
        JsonMapper.shared().writeValue(questions, prompts);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-Djava.io.tmpdir=" + folder, // where it unpacks its library
                "-cp",
                System.getProperty("java.class.path"),
                LlamaCpp.class.getName(),
                model.toString(),
                questions.toString(),
                answers.toString(),
                what));
        command.addAll(List.of(lora));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                throw new AssertionError("llama.cpp does not end: " + Files.readString(log));
            }
        } finally {
            process.destroyForcibly();
        }
        return switch (process.exitValue()) {
            case 0 -> JsonMapper.shared().readValue(answers.toFile(), type);
            case NO_LIBRARY -> abort("skipped: llama.cpp has no library for this machine: " + Files.readString(log));
            default -> throw new AssertionError("llama.cpp failed: " + Files.readString(log));
        };
    }

    /// The other JVM: the model, the questions, where the answers go, the most tokens of one, or [#EMBED],
    /// and perhaps a LoRA.
    public static void main(String[] arguments) {
        boolean embeds = arguments[3].equals(EMBED);
        ModelParameters parameters = new ModelParameters()
                .setModel(arguments[0])
                .setCtxSize(128)
                .setThreads(1) // two wait for each other where the machine is busy
                .setCacheTypeK(CacheType.F32) // as ours are; F16 unless asked
                .setCacheTypeV(CacheType.F32)
                .disableLog();
        if (arguments.length > 4) {
            parameters.addLoraAdapter(arguments[4]);
        }
        Object answers = null;
        try (LlamaModel model = new LlamaModel(embeds ? parameters.enableEmbedding() : parameters)) {
            String[] prompts =
                    JsonMapper.shared().readValue(Path.of(arguments[1]).toFile(), String[].class);
            answers = embeds
                    ? Arrays.stream(prompts).map(model::embed).toList()
                    : answers(model, prompts, Integer.parseInt(arguments[3]));
        } catch (UnsatisfiedLinkError absent) {
            System.err.println(absent.getMessage());
            System.exit(NO_LIBRARY);
        }
        JsonMapper.shared().writeValue(Path.of(arguments[2]).toFile(), answers);
        System.exit(0); // its threads would keep the JVM alive
    }

    private static List<Answer> answers(LlamaModel model, String[] prompts, int limit) {
        List<Answer> answers = new ArrayList<>();
        for (String prompt : prompts) {
            answers.add(new Answer(model.encode(prompt), limit == 0 ? "" : goOn(model, prompt, limit)));
        }
        return answers;
    }

    private static String goOn(LlamaModel model, String prompt, int limit) {
        StringBuilder text = new StringBuilder();
        InferenceParameters greedy =
                new InferenceParameters(prompt).setTemperature(0).setTopK(1).setNPredict(limit);
        for (LlamaOutput output : model.generate(greedy)) {
            text.append(output.text);
        }
        return text.toString();
    }
}
