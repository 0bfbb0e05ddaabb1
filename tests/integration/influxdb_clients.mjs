// Two clients of InfluxDB for Node: each writes a value to a running Ondol, is told why another is refused, and one reads back.
// node influxdb_clients.mjs URL TOKEN SECONDS, with the packages in the folder that it is started from.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const here = createRequire(pathToFileURL(`${process.cwd()}/package.json`));
const { InfluxDB, Point } = here("@influxdata/influxdb-client");
const Influx = here("influx");

const [url, token, seconds] = process.argv.slice(2);
const at = Number(seconds);
const told = {};

const writing = new InfluxDB({ url, token }).getWriteApi("ondol", "hq", "s", { maxRetries: 0 });
writing.writePoint(new Point("m").tag("point", "hq.node2.temperature").floatField("value", 21.5).timestamp(at));
await writing.flush();
writing.writeRecord(`m,point=hq.node2.temperature value=x ${at}`);
await writing.close().catch((error) => { told.refused2 = `${error.statusCode} ${error.body}`; });

const { hostname: host, port } = new URL(url);
const old = new Influx.InfluxDB({ host, port: Number(port), username: "any", password: token, database: "hq" });
told.names = await old.getDatabaseNames();
await old.writePoints(
  [{ measurement: "m", tags: { point: "hq.node1.temperature" }, fields: { value: 20.5 }, timestamp: new Date(at * 1000) }],
  { precision: "s" },
);
const rows = await old.query("SELECT value FROM sensor_readings WHERE point = 'hq.node1.temperature'");
told.rows = rows.map((row) => [row.time.getTime() / 1000, row.value]);
await old.writeMeasurement("m", [{ tags: { point: "hq.node1.temperature" }, fields: { value: 1 }, timestamp: new Date(0) }])
  .catch((error) => { told.refused1 = String(error.message); });
console.log(JSON.stringify(told));
