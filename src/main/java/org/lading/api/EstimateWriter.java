package org.lading.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lading.download.Download;
import org.lading.error.Failure;
import org.lading.estimate.Estimate;
import org.lading.manifest.ChecksumSpending;
import org.lading.manifest.names.SimilarName;

/** Renders the JSON of estimates. */
public final class EstimateWriter {
  private final AssemblerSettings assembler;

  /** Makes answers that tell of the archive of the assembler that would be chosen. */
  public EstimateWriter(AssemblerSettings assembler) {
    this.assembler = assembler;
  }

  /** Renders the answer to an estimate. */
  public String estimate(ClientRoute route, Estimate estimate) {
    Map<String, Object> answer = new LinkedHashMap<>();
    Estimate.Result result = estimate.result();
    answer.put("would", result == null ? "fail" : "succeed");
    if (result != null) {
      putResult(answer, route, result);
    }
    answer.put("archived_count", estimate.archived());
    answer.put("fault_count", estimate.faults().size());
    answer.put("faults_complete", estimate.isWhole());
    answer.put("faults", fields(estimate.faults()));
    return AnswerWriter.json(answer);
  }

  private void putResult(Map<String, Object> answer, ClientRoute route, Estimate.Result result) {
    Download.Totals totals = result.totals();
    AssemblerSettings.Choice choice = assembler.choice(route, totals);
    answer.put("assembler", AnswerWriter.assembler(choice, totals));
    answer.put("approximate_size", totals.bytes());
    answer.put("zip_size", choice.length(totals));
    answer.put("entry_count", totals.entries());
    answer.put("file_count", totals.files());
    answer.put("preparation_seconds", result.preparation().toMillis() / 1000.0);
    answer.put("checksums", checksums(result));
    answer.put("omitted_count", totals.omitted());
    answer.put("omitted", fields(result.omitted()));
    AnswerWriter.putRenamed(answer, totals.renamed());
    Estimate.Similar similar = result.similar();
    answer.put("similar_count", similar.count());
    answer.put("similar_complete", similar.isWhole());
    answer.put("similar", similar.first().stream().map(EstimateWriter::fields).toList());
  }

  private static Map<String, Object> checksums(Estimate.Result result) {
    ChecksumSpending spent = result.manifest().spent();
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("to_read", spent.files());
    answer.put("to_read_bytes", spent.bytes());
    answer.put("to_request", spent.requests());
    answer.put("unknown", result.unknownChecksums());
    return answer;
  }

  private static List<Map<String, Object>> fields(List<Failure> failures) {
    return failures.stream().map(Failure::fields).toList();
  }

  private static Map<String, @Nullable Object> fields(SimilarName similar) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("name", similar.name());
    fields.put("like", similar.other());
    return fields;
  }
}
