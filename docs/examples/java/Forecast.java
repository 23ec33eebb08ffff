import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.PointerByReference;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Forecasts a CSV file from Java, by JNA: load, fit, forecast, print; every failure is an exception with a place. */
public final class Forecast {
  /** The functions of libwsf that are used here, as its headers declare them. */
  interface Wsf extends Library {
    Wsf LIBRARY = Native.load("wsf", Wsf.class, Map.of(Library.OPTION_STRING_ENCODING, "UTF-8"));

    String wsf_status_name(int status);
    int wsf_context_create(PointerByReference out, String options, Pointer resize, Pointer user, Failure err);
    void wsf_context_release(Pointer ctx);
    int wsf_dataset_open(PointerByReference out, Pointer ctx, String expr, Failure err);
    void wsf_dataset_release(Pointer dataset);
    int wsf_model_parse(PointerByReference out, Pointer ctx, String expr, Failure err);
    void wsf_model_release(Pointer model);
    int wsf_fit(PointerByReference out, Pointer model, Pointer dataset, String options, Failure err);
    void wsf_forecaster_release(Pointer forecaster);
    int wsf_predict(PointerByReference out, Pointer forecaster, Pointer dataset, String options, Failure err);
    void wsf_table_release(Pointer table);
    long wsf_table_rows(Pointer table);
    long wsf_table_columns(Pointer table);
    String wsf_table_name(Pointer table, long column);
    long wsf_table_format(Pointer table, long column, long row, byte[] buffer, long capacity);
  }

  /** wsf_error: frozen, its layout never changes. */
  @Structure.FieldOrder({"status", "reserved", "series", "row", "position", "field", "file", "message"})
  public static final class Failure extends Structure {
    public int status;
    public int reserved;
    public long series;
    public long row;
    public long position; // byte
    public byte[] field = new byte[64];
    public byte[] file = new byte[256];
    public byte[] message = new byte[512];
  }

  /** What a call of the library reported. */
  static final class WsfException extends Exception {
    private static final long serialVersionUID = 1;

    WsfException(Failure err) {
      super(Wsf.LIBRARY.wsf_status_name(err.status) + " " + place(err) + ": " + text(err.message));
    }

    private static String place(Failure err) {
      String place = text(err.file);
      if (err.row >= 0) place += " line " + err.row;
      if (err.position >= 0) place += " byte " + err.position;
      return place.trim();
    }
  }

  private static String text(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) end++;
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  /** Handles of the library, given back in reverse. */
  static final class Handles implements AutoCloseable {
    interface Call {
      int make(PointerByReference out, Failure err);
    }

    private final Deque<Runnable> releases = new ArrayDeque<>();

    Pointer made(Consumer<Pointer> release, Call call) throws WsfException {
      Failure err = new Failure();
      PointerByReference out = new PointerByReference();
      if (call.make(out, err) != 0) throw new WsfException(err);
      Pointer handle = out.getValue();
      releases.push(() -> release.accept(handle));
      return handle;
    }

    @Override
    public void close() {
      releases.forEach(Runnable::run);
    }
  }

  /** The table of forecasts as rows of text, the first one the names of its columns. */
  static List<List<String>> forecast(String file, String model, int horizon) throws WsfException {
    Wsf wsf = Wsf.LIBRARY;
    String data = "csv(\"" + file.replaceAll("[\\\\\"]", "\\\\$0") + "\", keys=[shop], time=day, target=sold)";
    String options = "horizon=" + horizon + ", levels=[80]";
    try (Handles handles = new Handles()) {
      Pointer ctx = handles.made(wsf::wsf_context_release, (out, err) -> wsf.wsf_context_create(out, null, null, null, err));
      Pointer dataset = handles.made(wsf::wsf_dataset_release, (out, err) -> wsf.wsf_dataset_open(out, ctx, data, err));
      Pointer parsed = handles.made(wsf::wsf_model_release, (out, err) -> wsf.wsf_model_parse(out, ctx, model, err));
      Pointer forecaster = handles.made(wsf::wsf_forecaster_release, (out, err) -> wsf.wsf_fit(out, parsed, dataset, null, err));
      return rows(handles.made(wsf::wsf_table_release, (out, err) -> wsf.wsf_predict(out, forecaster, null, options, err)));
    }
  }

  private static List<List<String>> rows(Pointer table) {
    Wsf wsf = Wsf.LIBRARY;
    long columns = wsf.wsf_table_columns(table);
    List<List<String>> all = new ArrayList<>();
    all.add(new ArrayList<>());
    for (long c = 0; c < columns; c++) all.get(0).add(wsf.wsf_table_name(table, c));
    for (long r = 0; r < wsf.wsf_table_rows(table); r++) {
      List<String> row = new ArrayList<>();
      for (long c = 0; c < columns; c++) {
        byte[] cell = new byte[256];
        wsf.wsf_table_format(table, c, r, cell, cell.length);
        row.add(text(cell));
      }
      all.add(row);
    }
    return all;
  }

  public static void main(String[] args) throws WsfException {
    // System.out writes in the encoding of the locale, which has no place for every name.
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    for (List<String> row : forecast(args[0], "mean(ets, snaive)", 3)) out.println(String.join("\t", row));
    try {
      forecast(args[0], "mean(etz, snaive)", 3);
    } catch (WsfException said) {
      out.println(said.getMessage());
    }
  }
}
