package gradus.train.cli.tokenizer;

import gradus.error.DataException;
import gradus.error.FileReason;
import gradus.error.TokenizerException;
import gradus.error.UsageException;
import gradus.tokenizer.StreamingDecoder;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.corpus.TokenFile;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gradus tokenizer decode`
@Command(
        name = "decode",
        description =
                "Converts token ids to text. The ids are arguments, a token file or numbers on standard input. Text is"
                        + " printed as soon as its characters are complete.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class TokenizerDecodeCommand implements Callable<Integer> {
    private static final int AT_ONCE = 1 << 16;
    private static final int LONGEST_NUMBER = 10; // digits of an int

    @Mixin
    private TokenizerOption tokenizer;

    @Parameters(arity = "0..*", paramLabel = "<id>", description = "what to decode")
    private List<Integer> ids = List.of();

    @Option(
            names = "--file",
            paramLabel = "<file>",
            description = "decode this token file, as gradus tokenizer encode --out writes")
    private Path file;

    private final Console console;

    TokenizerDecodeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (!ids.isEmpty() && file != null) {
            throw new UsageException("either ids or --file, not both");
        }
        Tokenizer tokenizer = this.tokenizer.load();
        StreamingDecoder decoder = tokenizer.decoder();
        if (!ids.isEmpty()) {
            console.text().print(decoded(tokenizer) + "\n");
        } else if (file != null) {
            decodeFile(tokenizer, decoder);
        } else {
            decodeNumbers(decoder);
        }
        return 0;
    }

    private String decoded(Tokenizer tokenizer) {
        try {
            return tokenizer.decode(ids.stream().mapToInt(Integer::intValue).toArray());
        } catch (TokenizerException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    private void decodeFile(Tokenizer tokenizer, StreamingDecoder decoder) {
        if (!Files.exists(file)) {
            throw new DataException(file + " does not exist; --file takes a token file");
        }
        PrintStream out = console.text();
        try (TokenFile tokens = TokenFile.open(file)) {
            tokens.checkTokenizer(tokenizer);
            for (long from = 0; from < tokens.size() && !out.checkError(); from += AT_ONCE) {
                StringBuilder text = new StringBuilder();
                for (int id : tokens.read(from, (int) Math.min(AT_ONCE, tokens.size() - from))) {
                    text.append(decoder.accept(id));
                }
                out.print(text);
            }
            out.print(decoder.finish());
        }
    }

    /// Numbers with white space between, each decoded as soon as it is there, for whoever sits at the other end.
    private void decodeNumbers(StreamingDecoder decoder) {
        PrintStream out = console.text();
        InputStream in = new BufferedInputStream(System.in);
        StringBuilder number = new StringBuilder();
        int line = 1;
        try {
            for (int c; (c = in.read()) >= 0 && !out.checkError(); ) {
                if (!Character.isWhitespace(c)) {
                    number.append((char) c);
                    if (number.length() > LONGEST_NUMBER + 1) {
                        throw noId(line, number);
                    }
                    continue;
                }
                accept(number, line, decoder, in.available() == 0);
                line += c == '\n' ? 1 : 0;
            }
        } catch (IOException e) {
            throw new DataException("standard input cannot be read: " + FileReason.of(e), e);
        }
        accept(number, line, decoder, true);
        out.print(decoder.finish());
    }

    private void accept(StringBuilder number, int line, StreamingDecoder decoder, boolean flush) {
        if (!number.isEmpty()) {
            try {
                console.text().print(decoder.accept(Integer.parseInt(number.toString())));
            } catch (NumberFormatException e) {
                throw noId(line, number);
            } catch (TokenizerException e) {
                throw new DataException("standard input:" + line + ": " + e.getMessage(), e);
            }
            number.setLength(0);
        }
        if (flush) {
            console.text().flush();
        }
    }

    private static DataException noId(int line, CharSequence word) {
        return new DataException("standard input:" + line + ": '" + word + "' is no token id");
    }
}
