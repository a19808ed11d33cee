// `npm run monitoring`: the commands that ask a running Prometheus, and the one that runs programs
// of its own.
import { monitoringCommands, runCommands } from '../../monitoring/src/live/commands.js';
import { checkSecurity, type SecurityOptions } from '../security/command.js';

const program = monitoringCommands();
program
  .command('security')
  .description('runs CrowdSec, fail2ban and Lynis, and shows the mails that they cause')
  .option('--record', 'writes down the series that the cases of their alerts pick from')
  .option('--no-isolation', 'in the network of this machine, and without the bouncer')
  .action(async (options: SecurityOptions) => {
    process.exitCode = await checkSecurity(options);
  });
await runCommands(program, process.argv.slice(2));
