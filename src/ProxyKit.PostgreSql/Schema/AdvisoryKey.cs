using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ProxyKit.PostgreSql.Schema;

/// <summary>Numbers of locks that stand for something other than a row, the same in every gateway.</summary>
internal static class AdvisoryKey
{
    /// <param name="schema">The schema, so that gateways of different ones do not wait for each other.</param>
    /// <param name="purpose">What the lock is for.</param>
    public static long Of(string schema, string purpose) =>
        BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"proxykit {schema} {purpose}")));
}
