package gradus.lessons.retrieve.extract;

import gradus.error.DataException;
import gradus.error.FileReason;
import gradus.lessons.retrieve.chunk.structure.Part;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.io.IOUtils;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.text.PDFTextStripper;

/// PDF, by PDFBox: the text of its pages in the order of reading, each page a part of its own. Offsets count
/// the chars of this text, since the file has no such order itself.
public record PdfText() implements Extractor {
    private static final int LONGEST = 1 << 28; // chars
    private static final String CACHE = "pdfbox.fontcache";
    private static final List<Logger> QUIET =
            List.of(Logger.getLogger("org.apache.pdfbox"), Logger.getLogger("org.apache.fontbox"));

    @Override
    public Extracted extract(Path file) {
        TextFiles.requireFile(file);
        try {
            return read(file);
        } catch (NoClassDefFoundError missing) {
            throw new DataException(file + " needs org.apache.pdfbox:pdfbox on the class path to be read", missing);
        }
    }

    private static Extracted read(Path file) {
        QUIET.forEach(logger -> logger.setLevel(Level.OFF));
        if (System.getProperty(CACHE) == null) {
            System.setProperty(CACHE, System.getProperty("java.io.tmpdir")); // else it writes into the home folder
        }
        try (PDDocument document = Loader.loadPDF(file.toFile(), IOUtils.createTempFileOnlyStreamCache())) {
            if (!document.getCurrentAccessPermission().canExtractContent()) {
                throw new DataException(file + " is a PDF whose text may not be taken out");
            }
            return pages(file, document);
        } catch (InvalidPasswordException encrypted) {
            throw new DataException(file + " is a PDF with a password; decrypt it first", encrypted);
        } catch (IOException e) {
            throw damaged(file, FileReason.of(e), e);
        } catch (DataException known) {
            throw known;
        } catch (RuntimeException | StackOverflowError contradiction) { // a damaged file can fail anywhere
            throw damaged(file, "it contradicts itself", contradiction);
        }
    }

    private static DataException damaged(Path file, String reason, Throwable cause) {
        return new DataException(file + " is a damaged PDF: " + reason, cause);
    }

    private static Extracted pages(Path file, PDDocument document) throws IOException {
        StringBuilder text = new StringBuilder();
        List<Part> parts = new ArrayList<>();
        PDFTextStripper stripper = new PDFTextStripper();
        stripper.setLineSeparator("\n");
        stripper.setParagraphStart("\n");
        for (int page = 1; page <= document.getNumberOfPages(); page++) {
            stripper.setStartPage(page);
            stripper.setEndPage(page);
            StringWriter written = new StringWriter();
            stripper.writeText(document, written);
            String words = Characters.whole(written.toString()).strip();
            if (words.isEmpty()) {
                continue;
            }
            text.append(text.isEmpty() ? "" : "\n\n");
            parts.add(new Part(text.length(), List.of("page " + page)));
            text.append(words);
            if (text.length() > LONGEST) {
                throw new DataException(file + " is too large: more than 256 MiB of text");
            }
        }
        if (text.isEmpty() && document.getNumberOfPages() > 0) {
            throw new DataException(file + " is a PDF without text; its pages may be pictures");
        }
        return new Extracted(text.toString(), parts);
    }
}
