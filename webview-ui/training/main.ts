/** Entry of a training's page. */
import { registerControls } from '../controls';
import '../base.css';
import '../document.css';
import '../charts.css';
import '../tables.css';
import '../fields.css';
import './styles/page.css';
import { TrainingPage } from './page';

registerControls();
const page = new TrainingPage(acquireVsCodeApi(), document.getElementById('root') ?? document.body);
void page.begin();
