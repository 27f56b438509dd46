/** Entry of a run's page. */
import { registerControls } from '../controls';
import '../base.css';
import '../document.css';
import '../charts.css';
import '../tables.css';
import '../fields.css';
import './styles/page.css';
import { RunPage } from './page';

registerControls();
const page = new RunPage(acquireVsCodeApi(), document.getElementById('root') ?? document.body);
void page.start();
