using System.Diagnostics.CodeAnalysis;
using Npgsql;
using NpgsqlTypes;

namespace ProxyKit.PostgreSql;

/// <summary>Commands with their values, in the order of <c>$1</c>, <c>$2</c> and so on.</summary>
internal static class Commands
{
    [SuppressMessage("Security", "CA2100", Justification = "The texts are constants of this package; what comes from elsewhere is a value.")]
    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            var parameter = new NpgsqlParameter { Value = value };
            if (value is DateTime or DateTime[])
            {
                parameter.NpgsqlDbType = value is DateTime ? NpgsqlDbType.TimestampTz : NpgsqlDbType.Array | NpgsqlDbType.TimestampTz; // whatever its kind
            }

            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>Reads a time, also where the process has Npgsql read it as a local one (<c>Npgsql.EnableLegacyTimestampBehavior</c>).</summary>
    public static DateTime GetUtc(this NpgsqlDataReader reader, int column) => reader.GetDateTime(column).ToUniversalTime();

    /// <summary>Runs a command.</summary>
    /// <returns>How many rows it has changed.</returns>
    public static async Task<int> RunAsync(this NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        var command = connection.Command(sql, values);
        await using (command.ConfigureAwait(false))
        {
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
