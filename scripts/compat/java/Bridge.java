import com.fasterxml.jackson.databind.ObjectMapper;
import io.keen.client.java.JavaKeenClientBuilder;
import io.keen.client.java.KeenCallback;
import io.keen.client.java.KeenClient;
import io.keen.client.java.KeenProject;
import io.keen.client.java.ScopedKeys;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Calls Keen's Java client, one call a line: {"call", "collection", "event", "events"} in, {"value"} or {"error"} out. */
public class Bridge {
  @SuppressWarnings("unchecked")
  public static void main(String[] arguments) throws Exception {
    KeenClient client = new JavaKeenClientBuilder().build();
    client.setBaseUrl(arguments[0]);
    client.setDefaultProject(new KeenProject(arguments[1], arguments[2], arguments[3]));
    ObjectMapper json = new ObjectMapper();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      Map<String, Object> answer = new HashMap<>();
      try {
        answer.put("value", call(client, json.readValue(line, Map.class), arguments[4]));
      } catch (Exception error) {
        answer.put("error", String.valueOf(error));
      }
      System.out.println(json.writeValueAsString(answer));
      System.out.flush();
    }
  }

  @SuppressWarnings("unchecked")
  private static Object call(KeenClient client, Map<String, Object> request, String masterKey) throws Exception {
    String collection = (String) request.get("collection");
    Outcome outcome = new Outcome();
    switch ((String) request.get("call")) {
      case "addEvent":
        client.addEvent(null, collection, (Map<String, Object>) request.get("event"), keenOf(request), outcome);
        break;
      case "queueEvents":
        for (Object event : (List<Object>) request.get("events")) {
          Map<String, Object> own = new HashMap<>((Map<String, Object>) event);
          Map<String, Object> keen = (Map<String, Object>) own.remove("keen");
          client.queueEvent(null, collection, own, keen, null);
        }
        client.sendQueuedEvents(null, outcome);
        break;
      case "sendQueuedEvents":
        client.sendQueuedEvents(null, outcome);
        break;
      case "scopedKey":
        return ScopedKeys.encrypt(client, masterKey, Map.of("allowed_operations", List.of("read")));
      default:
        throw new IllegalArgumentException("no such call");
    }
    if (outcome.error != null) throw outcome.error;
    return true;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> keenOf(Map<String, Object> request) {
    return (Map<String, Object>) request.get("keen");
  }

  private static class Outcome implements KeenCallback {
    private Exception error;

    @Override
    public void onSuccess() {}

    @Override
    public void onFailure(Exception failure) {
      error = failure;
    }
  }
}
