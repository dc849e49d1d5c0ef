using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ProxyKit.Rules.Explaining;

namespace ProxyKit.Tool.Explaining;

/// <summary>Writes an explanation for programs: the members of <see cref="Explanation"/> by their names, in camel case.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    UseStringEnumConverter = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Explanation))]
internal sealed partial class ExplanationJson : JsonSerializerContext
{
    public static void Write(Explanation explanation, TextWriter output)
    {
        // All texts are safe to show as they are: quotes need no numbers.
        var options = new JsonSerializerOptions(Default.Explanation.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        output.WriteLine(JsonSerializer.Serialize(explanation, new ExplanationJson(options).Explanation));
    }
}
